-- A message whose reading takes long waits for the end of a run: good orders are not behind it.
ALTER TABLE message ADD COLUMN put_off INTEGER;
