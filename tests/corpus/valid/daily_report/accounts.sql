select account, sum(amount) from bookings where account = any(:ids) and day = :day group by account;
