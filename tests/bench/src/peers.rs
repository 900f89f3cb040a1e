//! What other tools reach on the Manhattan cases; for comparison only, nothing is computed from it. Their times were taken on
//! another two-core machine.

/// A line about a tool.
pub struct Peer {
    /// Name, version and policy.
    pub tool: &'static str,
    /// Share of the requests served, in percent.
    pub served: f64,
    /// Mean wait in seconds, where it is told.
    pub wait_s: Option<f64>,
    /// Share of the direct distance of all requests that is served, in percent, where it is told.
    pub direct: Option<f64>,
    /// Seconds of the run.
    pub seconds: &'static str,
}

const fn peer(
    tool: &'static str,
    served: f64,
    wait_s: Option<f64>,
    direct: Option<f64>,
    seconds: &'static str,
) -> Peer {
    Peer { tool, served, wait_s, direct, seconds }
}

/// On case S.
pub const S: [Peer; 8] = [
    peer("RidePy 2.10, best insertion", 51.2, Some(177.0), None, "1.3"),
    peer("FleetPy 1.0, insertion, detour at most 40 %", 46.9, None, None, "4"),
    peer("FleetPy 1.0, Alonso-Mora, batches of 30 s", 47.9, None, None, "10-15"),
    peer("pdptw-lns-solver 0.2, trips and HiGHS, batches of 30 s", 55.1, None, None, "9"),
    peer("SUMO 1.28, greedyShared, no waiting limit", 30.5, None, None, "30"),
    peer("prototype, steered idle vans", 60.3, None, None, ""),
    peer("prototype, ruin and recreate", 62.6, None, None, ""),
    peer("prototype, ruin and recreate, selective", 67.7, None, Some(62.4), ""),
];

/// On case M.
pub const M: [Peer; 6] = [
    peer("RidePy 2.10, best insertion", 62.8, Some(181.0), None, "23-32"),
    peer("FleetPy 1.0, insertion, detour at most 40 %", 58.6, None, None, "42-49"),
    peer("pdptw-lns-solver 0.2, trips and HiGHS, batches of 30 s", 63.0, None, None, "103"),
    peer("prototype, steered idle vans", 84.2, None, None, ""),
    peer("prototype, ruin and recreate", 87.8, Some(181.0), None, ""),
    peer("prototype, ruin and recreate, selective", 89.7, None, Some(86.3), ""),
];
