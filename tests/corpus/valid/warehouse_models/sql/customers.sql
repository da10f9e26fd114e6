select id as customer_id, upper(country_code) as country, nullif(segment, '') as segment, updated_at from raw.customers
