-- Pieces that were taken off an order whose customer must still be told.
ALTER TABLE po_line_status ADD COLUMN to_tell INTEGER;
