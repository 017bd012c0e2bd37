//! The status streams, and what each still has to be told.

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::sync::Arc;

use launcher_api::{JobId, JobSelector, JobStatus, RequestId, Requester, Username};

use super::news::StatusNews;
use crate::outbox::Outbound;
use crate::streams::life::StreamLife;

/// All open status streams.
///
/// Each has at most one entry for a job, whatever happens while the Launcher does not read: newer news replace older
/// ones, but for a Running that comes before an end. So memory is bounded by the number of jobs and an end is always
/// told. Streams are served in turn.
#[derive(Debug, Default)]
pub(crate) struct StatusStreams {
    streams: HashMap<RequestId, Stream>,
    /// The streams for all jobs.
    of_all: BTreeSet<RequestId>,
    /// The streams for one job each, by that job.
    of_one: HashMap<JobId, BTreeSet<RequestId>>,
    /// The streams that have something to tell, each once, in the order in which they are served.
    ready: VecDeque<RequestId>,
}

#[derive(Debug)]
struct Stream {
    who: Requester,
    selector: JobSelector,
    life: StreamLife,
    last_seq_id: u64,
    /// Jobs to be told of, in order; the news are in `owed`.
    turns: VecDeque<JobId>,
    owed: HashMap<JobId, Owed>,
}

/// What a stream has not yet told of a job.
#[derive(Debug)]
struct Owed {
    /// That it runs, if something newer came before that was told.
    running: Option<Arc<StatusNews>>,
    latest: Arc<StatusNews>,
}

impl Owed {
    fn first(latest: Arc<StatusNews>) -> Self {
        Self { running: None, latest }
    }

    fn add(&mut self, news: Arc<StatusNews>) {
        let older = std::mem::replace(&mut self.latest, news);
        if self.latest.status == JobStatus::Running {
            self.running = None;
        } else if older.status == JobStatus::Running {
            self.running = Some(older);
        }
    }
}

impl StatusStreams {
    pub(crate) fn is_open(&self, request: RequestId) -> bool {
        self.streams.contains_key(&request)
    }

    pub(crate) fn len(&self) -> usize {
        self.streams.len()
    }

    /// Opens a stream that tells the first states, and then what [`tell`](Self::tell) gets.
    pub(crate) fn open(
        &mut self,
        request: RequestId,
        who: Requester,
        selector: JobSelector,
        first: Vec<Arc<StatusNews>>,
    ) {
        match &selector {
            JobSelector::All => drop(self.of_all.insert(request)),
            JobSelector::One(id) => drop(self.of_one.entry(id.clone()).or_default().insert(request)),
        }
        let stream = Stream {
            who,
            selector,
            life: StreamLife::default(),
            last_seq_id: 0,
            turns: VecDeque::new(),
            owed: HashMap::new(),
        };
        self.streams.insert(request, stream);
        for news in first {
            self.owe(request, news);
        }
    }

    /// Ends a stream: what it has not told is left out, also what waits for the writer.
    pub(crate) fn cancel(&mut self, request: RequestId) -> bool {
        let Some(stream) = self.streams.remove(&request) else { return false };
        stream.life.end();
        match &stream.selector {
            JobSelector::All => drop(self.of_all.remove(&request)),
            JobSelector::One(id) => {
                if let Some(requests) = self.of_one.get_mut(id) {
                    requests.remove(&request);
                    if requests.is_empty() {
                        self.of_one.remove(id);
                    }
                }
            }
        }
        self.ready.retain(|ready| *ready != request);
        true
    }

    /// Ends all streams.
    pub(crate) fn cancel_all(&mut self) {
        for stream in self.streams.values() {
            stream.life.end();
        }
        *self = Self::default();
    }

    /// Owes the news to every stream that may see the job.
    pub(crate) fn tell(&mut self, owner: &Username, news: &Arc<StatusNews>) {
        let of_one = self.of_one.get(&news.id).into_iter().flatten();
        let requests: Vec<RequestId> = self.of_all.iter().chain(of_one).copied().collect();
        for request in requests {
            if self.streams.get(&request).is_some_and(|stream| stream.who.sees(owner)) {
                self.owe(request, Arc::clone(news));
            }
        }
    }

    /// A job has left the table with news untold. They stay, unless a stream has not been read for so long that it
    /// owes more jobs than `limit`.
    pub(crate) fn forget(&mut self, id: &JobId, limit: usize) {
        for stream in self.streams.values_mut().filter(|stream| stream.owed.len() > limit) {
            if stream.owed.remove(id).is_some() {
                stream.turns.retain(|turn| turn != id);
            }
        }
    }

    pub(crate) fn has_news(&self) -> bool {
        !self.ready.is_empty()
    }

    /// The next message, of the stream whose turn it is.
    pub(crate) fn next(&mut self) -> Option<Outbound> {
        loop {
            let request = self.ready.pop_front()?;
            let Some(stream) = self.streams.get_mut(&request) else { continue };
            let news = stream.next_news();
            if !stream.turns.is_empty() {
                self.ready.push_back(request);
            }
            if let Some(news) = news {
                stream.last_seq_id += 1;
                return Some(Outbound::of_stream(
                    news.to_response(request, stream.last_seq_id),
                    &stream.life,
                ));
            }
        }
    }

    fn owe(&mut self, request: RequestId, news: Arc<StatusNews>) {
        let Some(stream) = self.streams.get_mut(&request) else { return };
        if stream.turns.is_empty() {
            self.ready.push_back(request);
        }
        if let Some(owed) = stream.owed.get_mut(&news.id) {
            owed.add(news);
        } else {
            stream.turns.push_back(news.id.clone());
            stream.owed.insert(news.id.clone(), Owed::first(news));
        }
    }
}

impl Stream {
    fn next_news(&mut self) -> Option<Arc<StatusNews>> {
        let id = self.turns.front()?;
        let owed = self.owed.get_mut(id)?;
        if let Some(running) = owed.running.take() {
            return Some(running);
        }
        let id = self.turns.pop_front()?;
        self.owed.remove(&id).map(|owed| owed.latest)
    }
}

#[cfg(test)]
mod tests;
