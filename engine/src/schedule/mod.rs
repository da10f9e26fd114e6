//! Runs a program's graph: one loop that starts what may start, and waits for what runs. Only programs have threads of
//! their own, as many as may run at a time; units that wait are data.
//!
//! Everything goes through queues, so that neither a chain of 10,000 nodes nor units nested in units make this recursive:
//! `work` (nodes that may start, units that may have ended), `ready` (steps that wait for a free place), and `open_maps`
//! (loops with items that haven't started; an item becomes a unit when a place is free for its first step).

mod calls;
mod gates;
mod hooks;
mod limits;
mod loops;
mod nodes;
mod plan;
mod scope;
mod steps;
mod stopping;
mod timers;
mod unit;
mod units;

use std::any::Any;
use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread::Scope;
use std::time::Instant;

use pipec_ir::{Pipeline, Program, Value};

use crate::cancel::Cancel;
use crate::inputs::Entry;
use crate::observer::Observer;
use crate::report::{Counts, Failure};
use crate::request::RunRequest;
use crate::step::{AttemptFailure, StepContext};
use gates::Waiting;
use plan::Plans;
use steps::{RunningStep, Step};
use stopping::Stopping;
use timers::Timers;
use unit::{NodeRef, Outcome, Unit, UnitId};

/// How the entry pipeline ended, with everything that a report needs.
#[derive(Debug)]
pub(crate) struct Finished {
    pub(crate) end: End,
    pub(crate) failures: Vec<Failure>,
    pub(crate) caught: Vec<Failure>,
    pub(crate) hook_failures: Vec<Failure>,
    pub(crate) counts: Counts,
}

#[derive(Debug)]
pub(crate) enum End {
    /// With the pipeline's value, if it has one.
    Succeeded(Option<Arc<Value>>),
    Failed,
    Cancelled,
}

/// What a run consists of, besides who watches it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Job<'a> {
    pub(crate) program: &'a Program,
    pub(crate) entry: Entry<'a>,
    pub(crate) request: &'a RunRequest,
    pub(crate) context: &'a StepContext<'a>,
    /// Where steps get their directories.
    pub(crate) directory: &'a std::path::Path,
}

/// Runs the entry pipeline to its end. When this returns, no program of the run is left.
pub(crate) fn run(
    job: Job<'_>,
    arguments: Vec<(String, Value)>,
    cancel: &Cancel,
    observer: &mut dyn Observer,
) -> Finished {
    let (sender, inbox) = mpsc::channel();
    let wake = sender.clone();
    cancel.connect(move |requests| {
        let _ = wake.send(Message::Cancel(requests));
    });
    let finished = std::thread::scope(|threads| {
        let mut scheduler = Scheduler::new(job, sender, observer);
        scheduler.start_run(job.entry.pipeline, arguments);
        scheduler.run_to_end(&inbox, threads)
    });
    cancel.disconnect();
    finished
}

/// What other threads tell the loop.
enum Message {
    /// The program of this attempt has started.
    Started(u64),
    Ended(u64, Result<Vec<(String, Value)>, AttemptFailure>),
    /// An attempt's thread met a bug.
    Panicked(Box<dyn Any + Send>),
    Answered(u64, bool),
    /// So many requests to cancel were made.
    Cancel(usize),
}

/// What can be done without waiting.
#[derive(Clone, Copy, Debug)]
enum Work {
    /// Everything that the node waits for has ended well.
    Start(NodeRef),
    /// No node of the unit is active.
    Settle(UnitId),
}

struct Scheduler<'a, 's> {
    job: Job<'a>,
    program: &'a Program,
    context: &'a StepContext<'a>,
    observer: &'s mut dyn Observer,
    messages: Sender<Message>,
    plans: Plans<'a>,
    units: HashMap<UnitId, Unit<'a>>,
    next_id: u64,
    work: VecDeque<Work>,
    ready: VecDeque<Step<'a>>,
    open_maps: Vec<NodeRef>,
    running: HashMap<u64, RunningStep<'a>>,
    waiting: HashMap<u64, Waiting<'a>>,
    timers: Timers,
    stopping: Option<Stopping>,
    /// Something failed or was cancelled: what waits in queues may not be wanted any more.
    must_sweep: bool,
    end: Option<(Outcome, Vec<Failure>)>,
    caught: Vec<Failure>,
    hook_failures: Vec<Failure>,
    counts: Counts,
}

impl<'a, 's> Scheduler<'a, 's> {
    fn new(job: Job<'a>, messages: Sender<Message>, observer: &'s mut dyn Observer) -> Scheduler<'a, 's> {
        Scheduler {
            job,
            program: job.program,
            context: job.context,
            observer,
            messages,
            plans: Plans::default(),
            units: HashMap::new(),
            next_id: 0,
            work: VecDeque::new(),
            ready: VecDeque::new(),
            open_maps: Vec::new(),
            running: HashMap::new(),
            waiting: HashMap::new(),
            timers: Timers::default(),
            stopping: None,
            must_sweep: false,
            end: None,
            caught: Vec::new(),
            hook_failures: Vec::new(),
            counts: Counts::default(),
        }
    }

    fn start_run(&mut self, pipeline: &'a Pipeline, arguments: Vec<(String, Value)>) {
        if let Some(deadline) = self.job.entry.launch.and_then(|launch| launch.deadline_ms) {
            self.timers.add_after(std::time::Duration::from_millis(deadline), timers::Timer::Deadline);
        }
        let inputs = pipeline.inputs.iter().filter_map(|parameter| {
            let (_, value) = arguments.iter().find(|(name, _)| *name == parameter.name)?;
            Some((parameter.name.as_str(), Arc::new(value.clone())))
        });
        let inputs = inputs.collect();
        self.open_pipeline(unit::Role::Run, pipeline, inputs, String::new());
    }

    fn run_to_end<'scope>(
        &mut self,
        inbox: &Receiver<Message>,
        threads: &'scope Scope<'scope, 'a>,
    ) -> Finished
    where
        'a: 'scope,
    {
        loop {
            self.advance(threads);
            if self.end.is_some() && self.running.is_empty() {
                break;
            }
            let can_go_on = !self.running.is_empty() || !self.waiting.is_empty();
            assert!(can_go_on, "the run waits for something, but nothing runs and no one is asked");
            self.wait(inbox);
        }
        self.finished()
    }

    /// Does everything that can be done without waiting.
    fn advance<'scope>(&mut self, threads: &'scope Scope<'scope, 'a>)
    where
        'a: 'scope,
    {
        loop {
            while let Some(work) = self.work.pop_front() {
                match work {
                    Work::Start(node) => self.start_node(node),
                    Work::Settle(unit) => self.settle(unit),
                }
            }
            if std::mem::take(&mut self.must_sweep) {
                self.sweep();
                continue;
            }
            if self.running.len() >= self.job.request.jobs.max(1) {
                return;
            }
            if let Some(step) = self.ready.pop_front() {
                self.start_attempt(step, threads);
            } else if !self.start_item() {
                return;
            }
        }
    }

    /// Waits for the next message or timer, and takes it.
    fn wait(&mut self, inbox: &Receiver<Message>) {
        let message = match self.timers.next() {
            None => inbox.recv().ok(),
            Some(at) => inbox.recv_timeout(at.saturating_duration_since(Instant::now())).ok(),
        };
        if let Some(message) = message {
            self.take(message);
        }
        while let Some(timer) = self.timers.take_due(Instant::now()) {
            self.ring(timer);
        }
    }

    fn take(&mut self, message: Message) {
        match message {
            Message::Started(ticket) => self.attempt_started(ticket),
            Message::Ended(ticket, result) => self.attempt_ended(ticket, result),
            Message::Panicked(panic) => std::panic::resume_unwind(panic),
            Message::Answered(id, approved) => self.answered(id, approved),
            Message::Cancel(requests) => self.cancel(requests),
        }
    }

    fn new_id(&mut self) -> u64 {
        self.next_id += 1;
        self.next_id
    }

    fn unit(&self, id: UnitId) -> &Unit<'a> {
        self.units.get(&id).expect("a unit is there until it has delivered its outcome")
    }

    fn unit_mut(&mut self, id: UnitId) -> &mut Unit<'a> {
        self.units.get_mut(&id).expect("a unit is there until it has delivered its outcome")
    }

    fn finished(&mut self) -> Finished {
        let (outcome, mut failures) = self.end.take().unwrap_or((Outcome::Stopped, Vec::new()));
        let end = match (outcome, self.stopping) {
            (Outcome::Value(value), _) => End::Succeeded(value),
            (_, Some(Stopping::Cancelled | Stopping::Forced)) => End::Cancelled,
            (_, Some(Stopping::Deadline)) => {
                failures.push(self.deadline_failure());
                End::Failed
            }
            (Outcome::Failed | Outcome::Stopped, None) => End::Failed,
        };
        Finished {
            end,
            failures,
            caught: std::mem::take(&mut self.caught),
            hook_failures: std::mem::take(&mut self.hook_failures),
            counts: self.counts,
        }
    }
}
