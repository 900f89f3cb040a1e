//! A square table of numbers.

/// A number for each pair of places.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    size: usize,
    cells: Vec<f64>,
}

impl Table {
    /// A table by a function of row and column.
    pub fn new(size: usize, cell: impl Fn(usize, usize) -> f64) -> Table {
        Table { size, cells: (0..size * size).map(|at| cell(at / size, at % size)).collect() }
    }

    /// How many places.
    pub fn size(&self) -> usize {
        self.size
    }

    /// From one place to another.
    #[inline(always)]
    pub fn get(&self, from: usize, to: usize) -> f64 {
        self.cells[from * self.size + to]
    }
}
