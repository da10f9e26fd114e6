select label, unit, value, before, target from board.operations where month = :month order by position
