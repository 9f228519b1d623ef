-- Orders are found by city and by their vendors' own SKUs, too. Every order has at least one row of the
-- kind 'city', with no word where it has no city or its document cannot be read: the orders before the
-- first that has any are still to be taken in.
CREATE INDEX search_word_by_city ON search_word (order_id) WHERE kind = 'city';
CREATE INDEX po_line_by_vendor_sku ON po_line (vendor_sku COLLATE NOCASE, po_id);
