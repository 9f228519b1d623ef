-- Under which number an order came first is asked of the trail: no document is read by SQL.
DROP INDEX order_revision_first;
