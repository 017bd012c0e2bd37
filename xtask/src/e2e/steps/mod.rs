//! How each step is done, and what it checks.

mod cluster;
mod connections;
mod interrupt;
mod jobs;
mod network;
mod objects;
mod plugins;
mod streams;

use super::behaviour::Step;
use super::world::World;
use crate::failure::Failure;

/// Does one step.
///
/// # Errors
/// What was expected and what came.
pub(crate) async fn run(step: &Step, world: &mut World) -> Result<(), Failure> {
    match step {
        Step::Submit(step) => jobs::submit(step, world).await,
        Step::Get(step) => jobs::get(step, world).await,
        Step::List(step) => jobs::list(step, world).await,
        Step::Await(step) => jobs::await_state(step, world).await,
        Step::History(step) => jobs::history(step, world).await,
        Step::Control(step) => jobs::control(step, world).await,
        Step::ClusterInfo(step) => jobs::cluster_info(step, world).await,
        Step::Interrupt(step) => interrupt::interrupt(step, world).await,
        Step::Output(step) => streams::output(step, world).await,
        Step::Usage(step) => streams::refused(streams::USAGE, step, world).await,
        Step::Statuses(step) => streams::refused(streams::STATUS, step, world).await,
        Step::Follow(step) => streams::follow(step, world).await,
        Step::Read(step) => streams::read(step, world).await,
        Step::Cancel(step) => streams::cancel(step, world).await,
        Step::Network(step) => network::network(step, world).await,
        Step::Plugin(step) => plugins::start(step, world).await,
        Step::RestartPlugin(step) => plugins::restart(step, world).await,
        Step::ExternalAddress(step) => cluster::external_address(step, world).await,
        Step::Log(step) => plugins::log(step, world).await,
        Step::Node(state) => cluster::node(*state, world).await,
        Step::Evict(_) => cluster::evict(world).await,
        Step::StopDaemon(name) => cluster::daemon_called(cluster::Change::Stop, name, world).await,
        Step::StartDaemon(name) => cluster::daemon_called(cluster::Change::Start, name, world).await,
        Step::Connections(what) => connections::connections(*what, world).await,
        Step::TokenExpired(_) => cluster::token_expired(world).await,
        Step::Raw(step) => plugins::raw(step, world).await,
        Step::EndInput(step) => plugins::end_input(step, world).await,
        Step::Signal(step) => plugins::signal(step, world).await,
        Step::Profiles(text) => plugins::profiles(text, world),
        Step::Template(step) => plugins::template(step, world),
        Step::Reload(step) => plugins::reload(step, world).await,
        Step::Command(step) => plugins::command(step, world).await,
        Step::Object(step) => objects::object(step, world).await,
        Step::CreateObject(step) => objects::create(step, world).await,
        Step::ChangeObject(step) => objects::change(step, world).await,
        Step::DeleteObject(step) => objects::delete(step, world).await,
    }
}
