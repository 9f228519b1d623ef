-- Pieces of a line that come, or came, although they are cancelled for their customer: the vendor
-- refused to take them back. They are open or shipped again; what becomes of the customer's money is
-- a person's to decide, and the column counts down then.
ALTER TABLE po_line_status ADD COLUMN unwanted INTEGER;

-- Pieces of a line that were ordered from another vendor and come from this one as well; they are no
-- longer among `moved`, as that never exceeds `cancelled`.
ALTER TABLE po_line_status ADD COLUMN twice INTEGER;

-- 1 where what a cancellation takes back was ordered from another vendor, 0 where the customer does
-- not get it; NULL in older rows.
ALTER TABLE po_cancellation ADD COLUMN moved INTEGER;
