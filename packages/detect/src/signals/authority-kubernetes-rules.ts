import { member, textsNamed, textsOf, valuesIn } from './authority-documents.ts'
import type { Leaf, Value } from './authority-documents.ts'
import type { Family } from './authority-families.ts'
import type { ApiCall, Verdict } from './authority-rules.ts'
import { quoted } from './findings.ts'

/**
 * What a request to a Kubernetes API server says. The cluster's own parts (`system:` principals and accounts of
 * `kube-system`) create pods, tokens and bindings all day and are left out.
 */
export function kubernetesRule(call: ApiCall, request: Value | undefined): Verdict | undefined {
  if (isOwnPart(call)) return undefined
  const [verb = '', full = ''] = call.action.split(' ')
  const [resource = '', sub] = full.split('/')
  const kind = resource.split('.')[0] ?? ''
  const values = valuesIn(request)
  if (call.principal.kind === 'anonymous') return anonymous(call)
  if (WRITES.has(verb) && sub === undefined) return BY_KIND[kind]?.(call, values)
  if (kind === 'pods' && sub !== undefined && (verb === 'create' || verb === 'get')) return entersPod(call, sub)
  if (kind === 'serviceaccounts' && sub === 'token' && verb === 'create')
    return verdict('credential-access', 0.5, `made a token of ${quoted(call.resources[0] ?? '')}`)
  if (kind === 'secrets' && call.decision === 'denied')
    return verdict('credential-access', 0.4, 'asked for a secret that it may not read')
  // Who reads every secret of the cluster at once reads those of all others.
  if (kind === 'secrets' && verb === 'list' && call.resources[0] === '*/*')
    return verdict('credential-access', 0.5, 'listed the secrets of all namespaces')
  return verb === 'delete' && kind === 'events'
    ? verdict('impairment', 0.6, 'deleted the cluster’s own account of events')
    : undefined
}

const WRITES: ReadonlySet<string> = new Set(['create', 'update', 'patch'])

function isOwnPart({ principal }: ApiCall): boolean {
  return (
    principal.kind === 'service' ||
    /^system:serviceaccount:(kube-system|gke-system|kube-node-lease):/.test(principal.id)
  )
}

function verdict(family: Family, strength: number, words: string): Verdict {
  return { family, strength, words }
}

/** Paths that every API server answers to everybody. */
const OPEN_PATHS = /^(get|-) \/(healthz|livez|readyz|version|api|apis|openapi|\.well-known)(\/|$)/

function anonymous({ action, decision }: ApiCall): Verdict | undefined {
  if (OPEN_PATHS.test(action)) return undefined
  return decision === 'allowed'
    ? verdict('initial-access', 0.7, `was let do ${quoted(action)} without any name`)
    : verdict('discovery', 0.3, `tried ${quoted(action)} without any name`)
}

function entersPod({ resources }: ApiCall, sub: string): Verdict | undefined {
  switch (sub) {
    case 'exec':
    case 'attach':
      return verdict('execution', 0.5, `ran a command in ${quoted(resources[0] ?? '')}`)
    case 'ephemeralcontainers':
      return verdict('execution', 0.55, `put a container into ${quoted(resources[0] ?? '')}`)
    case 'portforward':
    case 'proxy':
      return verdict('execution', 0.35, `reached ${quoted(resources[0] ?? '')} through the API server`)
    default:
      return undefined
  }
}

type Judge = (call: ApiCall, values: readonly Leaf[]) => Verdict | undefined

const ADMIN_ROLE =
  /^(cluster-admin|admin|system:masters|system:(controller|kube-controller-manager|node|kube-scheduler).*)$/

function binds(call: ApiCall, values: readonly Leaf[]): Verdict {
  const roleRef = values.find(({ name }) => name === 'roleRef')?.value
  const role = textsOf(member(roleRef, 'name'))[0] ?? ''
  const isAdmin = ADMIN_ROLE.test(role)
  const isWhole = call.action.includes('clusterrolebindings')
  return verdict(
    'escalation',
    isAdmin ? (isWhole ? 0.8 : 0.6) : 0.35,
    `bound ${quoted(role === '' ? 'a role' : role)} to somebody`,
  )
}

const TAKES_OVER: ReadonlySet<string> = new Set(['escalate', 'bind', 'impersonate'])
const CHANGES: ReadonlySet<string> = new Set(['create', 'update', 'patch', 'delete', 'deletecollection', '*'])
const TELLING: ReadonlySet<string> = new Set([
  'secrets',
  'pods/exec',
  'pods/attach',
  'serviceaccounts/token',
  'nodes/proxy',
])

function writesRole({ action }: ApiCall, values: readonly Leaf[]): Verdict | undefined {
  const rules = values.flatMap(({ name, value }) => (name === 'rules' && !Array.isArray(value) ? [value] : []))
  const all = rules.map((rule) => ({
    verbs: textsOf(member(rule, 'verbs')),
    resources: textsOf(member(rule, 'resources')),
  }))
  if (all.some(({ verbs }) => verbs.some((verb) => TAKES_OVER.has(verb))))
    return verdict('escalation', 0.7, 'wrote a role that can give itself more, or act as others')
  if (all.some(({ verbs, resources }) => verbs.includes('*') || resources.includes('*')))
    return verdict('escalation', 0.65, 'wrote a role over all verbs or all kinds')
  if (all.some(({ resources }) => resources.some((one) => TELLING.has(one))))
    return verdict('escalation', 0.5, 'wrote a role that reads secrets or enters pods')
  return all.some(({ verbs }) => verbs.some((verb) => CHANGES.has(verb)))
    ? verdict('escalation', action.includes('clusterroles') ? 0.4 : 0.3, 'wrote a role that changes things')
    : undefined
}

const DANGEROUS =
  /^(CAP_)?(SYS_ADMIN|SYS_PTRACE|SYS_MODULE|DAC_READ_SEARCH|DAC_OVERRIDE|BPF|NET_ADMIN|SYS_RAWIO|SYS_BOOT|ALL)$/i

function podSpec({ resources }: ApiCall, values: readonly Leaf[]): Verdict | undefined {
  const is = (name: string): boolean => values.some((one) => one.name === name && one.value === true)
  const added = values.filter(({ name }) => name === 'add').flatMap(({ value }) => textsOf(value))
  const paths = values.filter(({ name }) => name === 'hostPath').flatMap(({ value }) => textsOf(member(value, 'path')))
  if (
    is('privileged') ||
    is('hostPID') ||
    added.some((one) => DANGEROUS.test(one)) ||
    paths.some((path) => INNER_PATH.test(path))
  )
    return verdict(
      'escalation',
      0.75,
      'asked for a pod that reaches its node: privileged, its processes, its capabilities or its files',
    )
  if (is('hostNetwork') || is('hostIPC'))
    return verdict('escalation', 0.55, 'asked for a pod in the network of its node')
  return /^(kube-system|kube-public|kube-node-lease|gke-system)\//.test(resources[0] ?? '')
    ? verdict('persistence', 0.5, 'put a pod among the cluster’s own')
    : undefined
}

const INNER_PATH = /^\/($|etc|root|proc|sys|dev|run|var\/(run|lib\/(kubelet|docker|containerd)))/

const BY_KIND: Readonly<Record<string, Judge>> = {
  clusterrolebindings: binds,
  rolebindings: binds,
  clusterroles: writesRole,
  roles: writesRole,
  pods: podSpec,
  deployments: podSpec,
  replicasets: podSpec,
  statefulsets: podSpec,
  jobs: podSpec,
  daemonsets: (call, values) => podSpec(call, values) ?? verdict('persistence', 0.4, 'put a pod on every node'),
  cronjobs: (call, values) => podSpec(call, values) ?? verdict('persistence', 0.45, 'set up a job that comes back'),
  certificatesigningrequests: (_, values) =>
    textsNamed(values, 'usages').includes('client auth') ||
    textsNamed(values, 'signername').some((one) => one.includes('apiserver-client'))
      ? verdict('persistence', 0.6, 'asked for a certificate by which it stays known to the cluster')
      : undefined,
  services: (_, values) =>
    textsNamed(values, 'type').includes('NodePort')
      ? verdict('persistence', 0.5, 'opened a port on every node')
      : undefined,
  mutatingwebhookconfigurations: () =>
    verdict('persistence', 0.6, 'put itself between the cluster and all that is created'),
  validatingwebhookconfigurations: () => verdict('impairment', 0.4, 'changed what the cluster admits'),
}
