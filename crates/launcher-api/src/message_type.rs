//! The numbers of the messages. Requests and responses are numbered separately.

use std::fmt;

/// Defines an enum of numbered messages.
macro_rules! message_types {
    ($(#[$doc:meta])* $enum:ident { $($(#[$variant_doc:meta])* $variant:ident = $number:literal $name:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $enum {
            $($(#[$variant_doc])* $variant,)*
        }

        impl $enum {
            /// All of them, in the order of the table of messages.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The wire's `messageType`.
            #[must_use]
            pub fn number(self) -> i64 {
                match self {
                    $(Self::$variant => $number,)*
                }
            }

            /// The message with this number.
            #[must_use]
            pub fn from_number(number: i64) -> Option<Self> {
                match number {
                    $($number => Some(Self::$variant),)*
                    _ => None,
                }
            }

            /// The name in the public API's documents.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }
        }

        impl fmt::Display for $enum {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.name())
            }
        }
    };
}

message_types! {
    /// What the Launcher sends.
    RequestType {
        /// A sign of life.
        Heartbeat = 0 "Heartbeat",
        /// Once, first: the versions meet.
        Bootstrap = 1 "Bootstrap",
        /// Launch a job.
        SubmitJob = 2 "Submit Job",
        /// One job or a list.
        GetJobs = 3 "Get Jobs",
        /// Watch the states of jobs.
        JobStatusStream = 4 "Job Status stream",
        /// Suspend, resume, stop, kill, cancel.
        ControlJob = 5 "Control Job",
        /// Read a job's output.
        JobOutputStream = 6 "Job Output stream",
        /// Watch what a job uses.
        JobResourceUtilStream = 7 "Job Resource Utilization stream",
        /// Where a job runs.
        JobNetwork = 8 "Job Network",
        /// What may be asked of the cluster.
        ClusterInfo = 9 "Cluster Info",
        /// As Cluster Info, from Launchers with an extension that was taken back.
        MultiClusterInfo = 17 "Multi Cluster Info",
        /// Which Launchers share the load.
        SetLoadBalancerNodes = 201 "Set Load Balancer Nodes",
        /// Read the configuration again.
        ConfigReload = 202 "Config Reload",
    }
}

message_types! {
    /// What a plugin sends.
    ResponseType {
        /// A sign of life.
        Heartbeat = 0 "Heartbeat",
        /// The plugin's version.
        Bootstrap = 1 "Bootstrap",
        /// The job submitted, or the jobs asked for.
        JobState = 2 "Job State",
        /// One job's state, for all who watch.
        JobStatus = 3 "Job Status",
        /// What became of an operation.
        ControlJob = 4 "Control Job",
        /// A piece of output.
        JobOutput = 5 "Job Output",
        /// What a job uses, for all who watch.
        JobResourceUtil = 6 "Job Resource Util",
        /// Where a job runs.
        JobNetwork = 7 "Job Network",
        /// What may be asked of the cluster.
        ClusterInfo = 8 "Cluster Info",
        /// Several clusters' Cluster Info; only ever read.
        MultiClusterInfo = 17 "Multi Cluster Info",
        /// Heard.
        SetLoadBalancerNodes = 201 "Set Load Balancer Nodes",
        /// What became of the reload.
        ConfigReload = 202 "Config Reload",
        /// The plugin's own figures, unasked.
        Metrics = 203 "Metrics",
        /// Any request can fail so.
        Error = -1 "Error",
    }
}

impl RequestType {
    /// The message that answers, when all goes well. Submit Job and Get Jobs share one.
    ///
    /// A plugin with one cluster answers Multi Cluster Info as it answers Cluster Info.
    #[must_use]
    pub fn response(self) -> ResponseType {
        match self {
            Self::Heartbeat => ResponseType::Heartbeat,
            Self::Bootstrap => ResponseType::Bootstrap,
            Self::SubmitJob | Self::GetJobs => ResponseType::JobState,
            Self::JobStatusStream => ResponseType::JobStatus,
            Self::ControlJob => ResponseType::ControlJob,
            Self::JobOutputStream => ResponseType::JobOutput,
            Self::JobResourceUtilStream => ResponseType::JobResourceUtil,
            Self::JobNetwork => ResponseType::JobNetwork,
            Self::ClusterInfo | Self::MultiClusterInfo => ResponseType::ClusterInfo,
            Self::SetLoadBalancerNodes => ResponseType::SetLoadBalancerNodes,
            Self::ConfigReload => ResponseType::ConfigReload,
        }
    }

    /// The version of the API that brought the message, as far as it is known.
    #[must_use]
    pub fn since(self) -> &'static str {
        match self {
            Self::MultiClusterInfo => "never general",
            Self::SetLoadBalancerNodes => "3.5 or before",
            Self::ConfigReload => "3.6",
            _ => "3.0 or before",
        }
    }
}

impl ResponseType {
    /// Whether the message takes a number of the plugin's counter of responses. The others carry `responseId` 0.
    #[must_use]
    pub fn counts_response_id(self) -> bool {
        !matches!(self, Self::Heartbeat | Self::Metrics | Self::Error)
    }
}
