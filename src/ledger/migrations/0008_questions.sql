-- What customers were told of goods without a day, and what they were asked.

-- When the customer read that nobody knows when the open pieces of a line come; NULL again when the
-- customer read a day.
ALTER TABLE po_line_status ADD COLUMN told_undated TEXT;

-- An answer without a day may have to be told as well.
CREATE TRIGGER notice_answer AFTER UPDATE OF answer ON po_line_status
WHEN NEW.answer IS NOT OLD.answer BEGIN
    INSERT INTO notice_due (order_id, kind)
    SELECT p.order_id, 'dates' FROM po_line l JOIN purchase_order p ON p.id = l.po_id
    WHERE l.id = NEW.po_line_id ON CONFLICT DO NOTHING;
END;

-- A customer who was asked what shall become of goods that do not come as ordered. `answer_by` is
-- the day that the mail names, `ends` the moment at which that day is over for the customer.
CREATE TABLE customer_question (
    id           INTEGER PRIMARY KEY,
    exception_id INTEGER NOT NULL REFERENCES exception (id),
    order_id     INTEGER NOT NULL REFERENCES orders (id),
    po_id        INTEGER NOT NULL REFERENCES purchase_order (id),
    state        TEXT NOT NULL CHECK (state IN ('open', 'answered', 'unanswered', 'closed')),
    asked        TEXT NOT NULL,
    answer_by    TEXT NOT NULL,
    ends         TEXT NOT NULL,
    said         TEXT,
    updated      TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX customer_question_once ON customer_question (exception_id)
    WHERE state IN ('open', 'answered');
CREATE INDEX customer_question_waits ON customer_question (ends) WHERE state = 'open';
CREATE INDEX customer_question_order ON customer_question (order_id);

-- Whoever takes the exception off the list, and however, ends the question.
CREATE TRIGGER customer_question_ends AFTER UPDATE OF state ON exception
WHEN NEW.state <> 'open' BEGIN
    UPDATE customer_question SET state = 'closed', updated = coalesce(NEW.resolved, updated)
    WHERE exception_id = NEW.id AND state IN ('open', 'answered');
END;
