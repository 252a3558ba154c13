//! What the cells of a Woozle notebook use.
