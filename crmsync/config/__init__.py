"""Files of a workspace become values, with the line of every problem."""
