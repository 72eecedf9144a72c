"""The byte hunt's state machine, by what people do: lend, work with what is lent, take it back."""
