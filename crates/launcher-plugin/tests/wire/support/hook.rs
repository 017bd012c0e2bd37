//! A backend's method whose body a test can replace.

use std::sync::{Arc, Mutex};

use futures::FutureExt;
use futures::future::BoxFuture;

type Body<A, R> = Arc<dyn Fn(A) -> BoxFuture<'static, R> + Send + Sync>;

/// What a method does, and what it has been called with.
pub(crate) struct Hook<A, R> {
    body: Mutex<Body<A, R>>,
    calls: Mutex<Vec<A>>,
}

impl<A: Clone + Send + 'static, R: Send + 'static> Hook<A, R> {
    pub(crate) fn new<F: Future<Output = R> + Send + 'static>(
        body: impl Fn(A) -> F + Send + Sync + 'static,
    ) -> Self {
        Self { body: Mutex::new(boxed(body)), calls: Mutex::default() }
    }

    /// From now on the method does this.
    pub(crate) fn set<F: Future<Output = R> + Send + 'static>(
        &self,
        body: impl Fn(A) -> F + Send + Sync + 'static,
    ) {
        *self.body.lock().unwrap() = boxed(body);
    }

    /// From now on the method never comes to an end.
    pub(crate) fn hang(&self) {
        self.set(|_| std::future::pending());
    }

    pub(crate) fn call(&self, arguments: A) -> BoxFuture<'static, R> {
        self.calls.lock().unwrap().push(arguments.clone());
        let body = Arc::clone(&self.body.lock().unwrap());
        body(arguments)
    }

    /// The arguments of all calls so far.
    pub(crate) fn calls(&self) -> Vec<A> {
        self.calls.lock().unwrap().clone()
    }
}

fn boxed<A, R, F: Future<Output = R> + Send + 'static>(
    body: impl Fn(A) -> F + Send + Sync + 'static,
) -> Body<A, R> {
    Arc::new(move |arguments| body(arguments).boxed())
}
