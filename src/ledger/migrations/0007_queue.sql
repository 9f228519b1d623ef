-- The outbox is emptied in the order of its numbers, channel by channel; by the time of the next
-- attempt SQLite would sort all that is due for every few that are taken.
DROP INDEX delivery_due;
CREATE INDEX delivery_queue ON delivery (state, channel, id);
