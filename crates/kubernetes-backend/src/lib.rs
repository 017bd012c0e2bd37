//! kubernetes-backend
