select label, unit, value, before, target from board.people where month = :month order by position
