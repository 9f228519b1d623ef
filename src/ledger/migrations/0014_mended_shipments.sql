-- The open pieces of a line by what its vendor last answered about them; NULL in older rows, where
-- `answer` and `answer_qty` say it.
ALTER TABLE po_line_status ADD COLUMN accepted INTEGER;
ALTER TABLE po_line_status ADD COLUMN backordered INTEGER;
ALTER TABLE po_line_status ADD COLUMN rejected INTEGER;

-- The day that the customer last read of a line, where it is another than `promise.told`.
ALTER TABLE po_line_status ADD COLUMN told TEXT;

-- What was planned with the purchase order, while later days that its vendor named for lines stand in
-- the columns without this word.
ALTER TABLE promise ADD COLUMN planned_ship_by TEXT;
ALTER TABLE promise ADD COLUMN planned_deliver_by TEXT;
ALTER TABLE promise ADD COLUMN planned_source TEXT;

-- The parcel whose number a person put in place of this one's.
ALTER TABLE parcel ADD COLUMN replaced_by INTEGER REFERENCES parcel (id);

-- When the customer was told that a shipment of which they had read did not happen.
ALTER TABLE shipment ADD COLUMN told_undone TEXT;

-- The checks that a person overrode for a row, a word each.
ALTER TABLE advice_row ADD COLUMN released TEXT;

-- A shipment that did not happen may have to be told.
CREATE TRIGGER notice_shipment_undone AFTER UPDATE OF state ON shipment
WHEN NEW.state = 'undone' BEGIN
    INSERT INTO notice_due (order_id, kind)
    SELECT p.order_id, 'shipped' FROM purchase_order p WHERE p.id = NEW.po_id ON CONFLICT DO NOTHING;
END;

-- More of a line on backorder than before may have to be told, whatever its worst answer was.
CREATE TRIGGER notice_backordered AFTER UPDATE OF backordered ON po_line_status
WHEN NEW.backordered > coalesce(OLD.backordered, 0) BEGIN
    INSERT INTO notice_due (order_id, kind)
    SELECT p.order_id, 'dates' FROM po_line l JOIN purchase_order p ON p.id = l.po_id
    WHERE l.id = NEW.po_line_id ON CONFLICT DO NOTHING;
END;
