//! [5] Shipping: acknowledgements, shipping advices, carriers, the promise.
