//! The table `change`: how one commit's news reaches every node.
