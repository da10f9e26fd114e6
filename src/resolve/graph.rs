//! Order and cycles of what refers to one another, for imports, types, constants and pipelines.

use std::collections::VecDeque;

use petgraph::algo::kosaraju_scc;
use petgraph::graph::{DiGraph, NodeIndex};

/// What has to be looked at together, everything after what it refers to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Group {
    Single(usize),
    /// A way round, from one of its members over others back to it; and all members, in order.
    Cycle {
        round: Vec<usize>,
        members: Vec<usize>,
    },
}

/// Groups `edges.len()` nodes, of which each refers to those in its list: what is referred to comes first.
pub(crate) fn order(edges: &[Vec<usize>]) -> Vec<Group> {
    let mut graph = DiGraph::<(), ()>::with_capacity(edges.len(), edges.len());
    let nodes: Vec<NodeIndex> = edges.iter().map(|_| graph.add_node(())).collect();
    for (from, targets) in edges.iter().enumerate() {
        for to in targets {
            graph.add_edge(nodes[from], nodes[*to], ());
        }
    }
    // Kosaraju's algorithm as it is in petgraph doesn't recurse, and gives what is referred to first.
    kosaraju_scc(&graph).into_iter().map(|component| group(edges, component)).collect()
}

fn group(edges: &[Vec<usize>], component: Vec<NodeIndex>) -> Group {
    let mut members: Vec<usize> = component.into_iter().map(NodeIndex::index).collect();
    members.sort_unstable();
    let first = members[0];
    if members.len() == 1 && !edges[first].contains(&first) {
        return Group::Single(first);
    }
    Group::Cycle { round: shortest_round(edges, first, &members), members }
}

/// The shortest way from a node over members of its cycle back to it, without the node at the end.
fn shortest_round(edges: &[Vec<usize>], start: usize, members: &[usize]) -> Vec<usize> {
    let position = |node: usize| members.binary_search(&node).ok();
    let mut came_from: Vec<Option<usize>> = vec![None; members.len()];
    let mut open = VecDeque::from([start]);
    while let Some(node) = open.pop_front() {
        for next in &edges[node] {
            if *next == start {
                return way_back(node, start, &came_from, &position);
            }
            let Some(place) = position(*next) else { continue };
            if came_from[place].is_none() {
                came_from[place] = Some(node);
                open.push_back(*next);
            }
        }
    }
    members.to_vec()
}

fn way_back(
    last: usize,
    start: usize,
    came_from: &[Option<usize>],
    position: &dyn Fn(usize) -> Option<usize>,
) -> Vec<usize> {
    let mut way = vec![last];
    let mut at = last;
    while at != start {
        let Some(before) = position(at).and_then(|place| came_from[place]) else { break };
        way.push(before);
        at = before;
    }
    way.reverse();
    way
}

#[cfg(test)]
mod tests {
    use super::{Group, order};

    #[test]
    fn what_is_referred_to_comes_first() {
        let groups = order(&[vec![1, 2], vec![2], vec![]]);
        assert_eq!(groups, [Group::Single(2), Group::Single(1), Group::Single(0)]);
    }

    #[test]
    fn cycles_are_whole_and_short() {
        let groups = order(&[vec![1], vec![2, 3], vec![0], vec![0], vec![4]]);
        assert!(groups.contains(&Group::Cycle { round: vec![0, 1, 2], members: vec![0, 1, 2, 3] }));
        assert!(groups.contains(&Group::Cycle { round: vec![4], members: vec![4] }));
    }

    #[test]
    fn long_chains_need_no_stack() {
        let edges: Vec<Vec<usize>> = (0..200_000).map(|node| vec![(node + 1) % 200_000]).collect();
        assert_eq!(order(&edges).len(), 1);
    }
}
