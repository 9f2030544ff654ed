import { routes } from '@holdfast/api'
import { z } from 'zod'

/** What a command prints with `--json`: an answer of the API, an item of one, the same as another command, or something of its own. */
export type JsonForm =
  | { readonly kind: 'answer'; readonly route: keyof typeof routes; readonly item?: string; readonly isList?: true }
  | { readonly kind: 'same'; readonly as: string }
  /** Put together by the command; docs/cli.md has its fields. */
  | { readonly kind: 'own' }
  /** In a form that is described elsewhere, which docs/cli.md names. */
  | { readonly kind: 'foreign' }

const answer = (route: keyof typeof routes): JsonForm => ({ kind: 'answer', route })
/** The items of an answer, as a list. */
const items = (route: keyof typeof routes, item = 'items'): JsonForm => ({ kind: 'answer', route, item, isList: true })
const same = (as: string): JsonForm => ({ kind: 'same', as })
const own: JsonForm = { kind: 'own' }
const foreign: JsonForm = { kind: 'foreign' }

/** Every command with `--json`, by its words. */
export const JSON_FORMS: ReadonlyMap<string, JsonForm> = new Map(
  Object.entries({
    up: own,
    run: own,
    demo: own,
    'config list': own,
    'config explain': same('config list'),
    doctor: own,
    eval: own,
    tail: own,
    import: own,
    search: answer('search'),
    hunt: own,
    agents: items('listAgents'),
    fleet: answer('getFleet'),
    readers: own,
    'bom show': answer('getBom'),
    'bom diff': answer('getBomDiff'),
    'bom findings': items('listInventoryFindings'),
    'bom identities': items('listIdentities'),
    'bom pin': items('approveTools', 'approved'),
    'bom pins': items('listToolDefinitions'),
    'bom risks': items('listRisks'),
    'roster show': answer('getRoster'),
    'roster add': answer('decideRoster'),
    'roster pin': same('roster add'),
    'roster retire': same('roster add'),
    'roster close': same('roster add'),
    'roster open': same('roster add'),
    'roster data': same('roster add'),
    'roster import': answer('importRoster'),
    'roster verify': own,
    'baseline show': answer('getBaseline'),
    'baseline entries': items('listProfileEntries'),
    'baseline proofs': items('listProfileProofs'),
    'baseline mark': own,
    'baseline lift': same('baseline mark'),
    'baseline restore': answer('restoreBaseline'),
    'baseline rebuild': answer('rebuildBaseline'),
    'baseline promote': answer('promoteProfile'),
    'baseline state': own,
    'baseline observing': items('listObserved'),
    graph: answer('getGraph'),
    'evidence status': own,
    'evidence seal': own,
    'evidence export': own,
    'evidence stamp': own,
    'evidence verify': own,
    'audit row': own,
    'audit list': answer('listAudit'),
    'audit verify': own,
    scope: answer('getScope'),
    'drift show': answer('getDrift'),
    'drift list': answer('listDrift'),
    'drift verdict': answer('decideDrift'),
    'drift watch': items('listDriftSignals'),
    'policy generate': answer('generatePolicies'),
    'policy list': answer('listPolicies'),
    'policy show': answer('getPolicyArtifact'),
    'policy explain': answer('explainPolicy'),
    'policy verify': answer('verifyPolicies'),
    'policy simulate': own,
    'policy choose': answer('choosePolicy'),
    'policy rollout status': answer('listRollouts'),
    'policy rollout start': answer('stepRollout'),
    'policy rollout report': same('policy rollout start'),
    'policy rollout advance': same('policy rollout start'),
    'policy promote': same('policy rollout start'),
    'policy rollback': answer('rollBackPolicies'),
    'policy apply': answer('applyPolicy'),
    'policy withdraw': answer('withdrawPolicy'),
    'diagnose ask': answer('getDiagnostic'),
    'diagnose export': own,
    'diagnose history': answer('listSelfAudits'),
    'diagnose schedule': same('diagnose history'),
    'scorecard show': answer('getScorecard'),
    'scorecard set': same('scorecard show'),
    'scorecard add': same('scorecard show'),
    'scorecard remove': same('scorecard show'),
    'scorecard history': items('getScorecard', 'history'),
    'attest list': answer('listAttestations'),
    'attest show': answer('getAttestation'),
    'attest verify': own,
    'incidents list': items('listIncidents'),
    'incidents show': answer('getIncident'),
    'incidents open': same('incidents runbook'),
    'incidents classify': same('incidents runbook'),
    'incidents close': same('incidents runbook'),
    'incidents runbook': answer('getCase'),
    'incidents standing': answer('getIncidentStanding'),
    'incidents take': same('incidents standing'),
    'incidents confirm': answer('decideIncident'),
    'incidents dismiss': same('incidents confirm'),
    'incidents timeline': items('getIncidentTimeline'),
    'incidents note': own,
    'incidents plan': own,
    'incidents plans': items('listResponsePlans'),
    'incidents approve': same('incidents plan'),
    'incidents override': same('incidents plan'),
    'incidents apply': same('incidents plan'),
    'incidents release': same('incidents plan'),
    'incidents scope': own,
    'incidents sweep': own,
    'incidents audit': answer('getIncidentAudit'),
    'incidents recover': answer('getRecovery'),
    'incidents learn': own,
    'incidents metrics': answer('getResponseMetrics'),
    'incidents document': foreign,
    'incidents lens': foreign,
    'incidents report': answer('reportIncident'),
    'duties list': answer('listDuties'),
    'duties enable': same('duties list'),
    'duties disable': same('duties list'),
    'duties clocks': answer('getDutyClocks'),
    'skills list': answer('listSkills'),
    'skills show': answer('getSkill'),
    'skills approve': same('skills show'),
    'skills rehearse': answer('rehearseSkill'),
    'skills run': answer('runSkill'),
    'skills runs': answer('listSkillRuns'),
    'skills continue': same('skills run'),
    'runbooks export': foreign,
    'runbooks import': answer('importRunbook'),
    'detector train': answer('trainDetector'),
    'detector show': answer('getDetector'),
    'detector versions': items('listDetectors'),
    'rules list': own,
    'rules test': own,
    'rules lint': own,
    'rules import': own,
    'rules export': own,
    'rules coverage': own,
    'contain plan': answer('planContainment'),
    'contain approve': same('incidents plan'),
    'contain apply': answer('applyContainment'),
    'contain confirm': same('contain apply'),
    'contain release': same('contain apply'),
    'contain history': items('listContainments'),
    'corpus show': items('listQuarantine'),
    'corpus quarantine': same('corpus show'),
    'corpus release': same('corpus show'),
    'response policy show': answer('getResponsePolicy'),
    'response policy set': same('response policy show'),
    'notices list': items('listNotices'),
    'notices replay': same('notices list'),
    'connectors list': own,
    'connectors test': own,
    'connectors sweep': answer('sweepConnectors'),
    'connectors platforms': items('listManagedPlatforms'),
    'log verify': own,
    'log checkpoint': answer('makeCheckpoint'),
    'log cool': answer('coolLog'),
    'log cold': own,
    'log restore': answer('restoreLog'),
    'sensor token': answer('makeSensorToken'),
    'accounts list': items('listAccounts'),
    'accounts add': own,
    'accounts renew': same('accounts add'),
    'accounts role': same('accounts add'),
    'accounts mark': same('accounts add'),
    'accounts revoke': same('accounts add'),
    'accounts readmit': same('accounts add'),
    'accounts sign-in': answer('makeSignInLink'),
  } satisfies Record<string, JsonForm>),
)

/** Fields of an answer, or of its items, as its schema has them; undefined where it has alternatives. */
export function schemaFields(
  form: JsonForm & { readonly kind: 'answer' },
): { readonly always: readonly string[]; readonly maybe: readonly string[] } | undefined {
  const { response } = routes[form.route]
  if (typeof response === 'string') return undefined
  const whole = z.toJSONSchema(response, { io: 'output', unrepresentable: 'any', reused: 'inline' })
  const schema = resolved(
    form.item === undefined ? whole : itemsOf(resolved(whole, whole).properties?.[form.item], whole),
    whole,
  )
  if (schema.properties === undefined) return undefined
  const names = Object.keys(schema.properties)
  const required = new Set(schema.required)
  return { always: names.filter((name) => required.has(name)), maybe: names.filter((name) => !required.has(name)) }
}

type Schema = z.core.JSONSchema.BaseSchema

function itemsOf(list: z.core.JSONSchema._JSONSchema | undefined, whole: Schema): Schema {
  const { items: item } = typeof list === 'object' ? resolved(list, whole) : {}
  return typeof item === 'object' && !Array.isArray(item) ? item : {}
}

function resolved(schema: Schema, whole: Schema): Schema {
  const name = schema.$ref?.split('/').at(-1)
  const found = name === undefined ? schema : whole.$defs?.[name]
  return typeof found === 'object' ? found : schema
}
