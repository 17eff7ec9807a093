"""SOQL, the part of it that a sync tool needs: text to tokens, to a tree, to rows."""
