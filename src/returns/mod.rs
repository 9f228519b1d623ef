//! [7] Returns: RMA.
