/**
 * What the driver of a kernel sensor and the server say to each other, as JSON (sensor/SPEC.md, S5). Ids of cgroups and
 * nanoseconds are decimal text.
 */

/** Whose records a group of a batch holds. It becomes the resource of their envelope. Each text at most 256 characters. */
export type SensorSource = {
  readonly sensor: string
  /** One run of the driver; record numbers and batch sequences count within it. */
  readonly start: string
  readonly host: string
  readonly bootId: string
  /** What must be added to the boot clock for wall clock time. */
  readonly bootToWallNs: string
  readonly cgroup: string
  /** Below the mount of the cgroup v2 hierarchy; empty where the cgroup was gone before it could be looked up. */
  readonly cgroupPath: string
  /** AgentId. */
  readonly agent: string
  readonly agentName: string
  readonly run?: string
  readonly container?: string
  readonly runtime?: string
  readonly pod?: string
  readonly namespace?: string
  readonly workload?: string
  /** `x86_64` or `aarch64` as `uname -m` gives it, for the names of system calls; absent means the former. */
  readonly machine?: string
  /** Id of the policy artifact whose seccomp filter its programs run under, and `monitor` or `enforce`. */
  readonly seccomp?: string
  readonly seccompMode?: string
}

/** The standing egress list of a cgroup: what it may reach while nothing is held (docs/enforcing.md). */
export type EgressList = {
  /** Id of the artifact, which each refusal cites. */
  readonly artifact: string
  /** `monitor`: what is not listed passes and is told. */
  readonly mode: PolicyMode
  /** From then on it only monitors. RFC 3339. */
  readonly validUntil: string
  readonly allow: readonly Allowed[]
}

export type PolicyMode = 'monitor' | 'enforce'

/** One kernel program: whether the kernel took it. */
export type SensorProgram = { readonly name: string; readonly attached: boolean; readonly error?: string }

/** A cgroup whose processes are recorded. */
export type WatchedCgroup = {
  readonly cgroup: string
  readonly path: string
  readonly agent: string
  readonly agentName: string
  readonly run?: string
  /** The egress list that it is under, where it is under one. */
  readonly egress?: Pick<EgressList, 'artifact' | 'mode'>
}

export type SensorReport = {
  readonly sensor: string
  readonly start: string
  readonly state: 'running' | 'stopped'
  readonly host: string
  readonly kernel: string
  readonly bootId: string
  readonly programs: readonly SensorProgram[]
  /** What cannot be seen on this host, a sentence each. */
  readonly unseen: readonly string[]
  /** How far the TLS of the programs that ran is seen in plain text. Absent in the oldest logs. */
  readonly tls?: readonly TlsSight[]
}

/** How far the TLS of one program is seen. Untrusted texts: paths and names of libraries. */
export type TlsSight = {
  /** Path of the program, as its process has it. */
  readonly program: string
  /** `partly`: it has libraries of both kinds. `refused`: the kernel did not take the hooks. */
  readonly status: 'hooked' | 'partly' | 'not-hookable' | 'refused' | 'no-tls-seen'
  /** Libraries whose plain text is seen, and those of which it is not, with the reason. */
  readonly seen: readonly string[]
  readonly unseen: readonly string[]
}

/**
 * Where records were lost, and so why. `kernel`: what reads the rings was behind. `slow`, `away`: the spool was full while
 * the server answered more slowly than records came, or could not be reached. `full-disk`: the disk of the spool took no
 * more. `disk`: what the spool held cannot be read again. `refused`: by the server.
 */
export const LOSS_PLACES = ['kernel', 'slow', 'away', 'full-disk', 'disk', 'refused'] as const
export type LossPlace = (typeof LOSS_PLACES)[number]

/**
 * What was lost of one cgroup, by type of record, since the start of the driver, or since it began to count anew. Counts
 * only grow, so that saying them twice loses nothing twice.
 */
export type SensorLosses = {
  /** Empty where it is not known whose they were. */
  readonly cgroup: string
  readonly agentName: string
  /** Where, and so why. */
  readonly place: LossPlace
  /**
   * How often the driver has begun to count anew, each time at 0, which it does when all that it had counted was told. Always 0
   * for `kernel`: the loader counts on.
   */
  readonly series: number
  readonly byType: Readonly<Record<string, number>>
}

/** What the server asks of a sensor. */
export type SensorCommand =
  /** Records a cgroup and those made below it. `path` is relative to the cgroup v2 mount. */
  | {
      readonly do: 'watch'
      readonly path: string
      readonly service: string
      /** The Deployment that it goes by, where it is no host's own program. */
      readonly workload?: { readonly name: string; readonly namespace?: string; readonly cluster?: string }
      readonly run?: string
      readonly allOpens: boolean
      readonly tls: boolean
      /** W3C trace context that holds for processes of the cgroup which have none of their own. */
      readonly traceparent?: string
      /** The set of its system calls begins with the first program that is run in it; what led to that is not the agent's. */
      readonly fromFirstExec?: boolean
      /** Its programs run under a seccomp profile, and what that refuses is told with proof. */
      readonly seccomp?: {
        /** Numbers of the calls that it lets through and has logged. */
        readonly logged: readonly number[]
        /** The policy artifact that it is of. */
        readonly artifact?: string
        readonly mode?: PolicyMode
      }
      /** Put on before this is answered; it ends with the cgroup, whoever is dead by then. */
      readonly egress?: EgressList
    }
  | { readonly do: 'unwatch'; readonly path: string }
  /** Passes a command on to the loader (S4). */
  | { readonly do: 'loader'; readonly verb: string; readonly arguments: readonly string[] }
  /** Puts a cgroup, with all below it, on a rung, and tries whether it holds. The answer's detail is a {@link HoldOutcome}. */
  | {
      readonly do: 'contain'
      /** Names it in what the sensor says of its end. */
      readonly containment: string
      readonly path: string
      readonly rung: HoldRung
      /** After so long it ends by itself; 0 never does. A pause always does. */
      readonly ttlMs: number
      readonly allow: readonly Allowed[]
    }
  /** Ends what `contain` began, and nothing that another containment did to the same cgroup. */
  | { readonly do: 'release'; readonly containment: string; readonly path: string; readonly rung: HoldRung }
  /** Tries again whether the rung holds; the answer is that of `contain`. */
  | { readonly do: 'probe'; readonly path: string; readonly rung: HoldRung }
  /** Writes out what it holds, and answers once the server has it. */
  | { readonly do: 'flush' }
  | { readonly do: 'stop' }

export type SensorResult =
  | { readonly ok: true; readonly detail?: Readonly<Record<string, unknown>> }
  | { readonly ok: false; readonly error: string }

/** How hard a cgroup is stopped, softest first (docs/holding.md). */
export type HoldRung = 'restrict' | 'soft-quarantine' | 'pause' | 'stop' | 'kill'

/** What a held cgroup may still reach: an IP address of the other end as text; port 0 is any. */
export type AllowedAddress = {
  readonly address: string
  readonly prefix: number
  readonly port: number
  readonly protocol: 'tcp' | 'udp'
}

/** A DNS name in place of an address: what it stands for is kept up to date while the hold stands. */
export type AllowedName = { readonly name: string; readonly port: number; readonly protocol: 'tcp' | 'udp' }

export type Allowed = AllowedAddress | AllowedName

/** Why a hold is over whose processes have all ended: a cgroup with a process in it is not removed. */
export const CGROUP_GONE = 'its cgroup is gone'

/** A hold that is over without the server's word. */
export type HoldEnding = {
  readonly containment: string
  readonly path: string
  /** `expired`, `released locally`, {@link CGROUP_GONE}, or another reason in words. */
  readonly reason: string
  /** Cgroups of the same containment that are still held. */
  readonly left: number
}

/** One thing that was tried after a rung was applied; `held` where the rung stood. */
export type HoldCheck = { readonly way: string; readonly held: boolean; readonly detail: string }

/** `confirmed` where every check held, `failed` where something got through or nothing could be tried. */
export type HoldOutcome = { readonly status: 'confirmed' | 'failed'; readonly checks: readonly HoldCheck[] }
