[ "$1" = false ]
