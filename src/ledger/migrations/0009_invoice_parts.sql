-- A bill over several purchase orders: the paper as it came (state 'split') counts nowhere; each of its
-- parts is an invoice of its own, on its purchase order, and names the paper here.
ALTER TABLE invoice ADD COLUMN part_of INTEGER REFERENCES invoice (id);
CREATE INDEX invoice_by_part ON invoice (part_of) WHERE part_of IS NOT NULL;
