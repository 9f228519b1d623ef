-- Whether the sender of a held row is proved for its one purchase order alone (1), or as its vendor (0);
-- NULL in rows that were held before this was noted, which count as the former.
ALTER TABLE advice_row ADD COLUMN proved_for_it INTEGER;
