select id as order_id, customer_id, lower(status) as state, placed_at, total_cents / 100.0 as gross_eur
  from raw.orders
 where placed_at >= :first and placed_at < :last + interval 1 day
qualify row_number() over (partition by id order by loaded_at desc) = 1
