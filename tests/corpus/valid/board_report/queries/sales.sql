select label, unit, value, before, target from board.sales where month = :month order by position
