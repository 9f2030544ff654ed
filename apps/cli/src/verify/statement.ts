import { verify } from 'node:crypto'
import type { Report } from './report.ts'
import { sha256 } from './rfc6962.ts'
import type { VerifierKey } from './signed-note.ts'
import { member, parseStrictJson } from './strict-json.ts'

const WHERE = 'data/statement.dsse.json'
const PAYLOAD_TYPE = 'application/vnd.in-toto+json'

/** Checks the DSSE envelope, the in-toto statement in it, and that its subjects are exactly `digests`. */
export function checkStatement(
  text: string,
  expected: { readonly digests: ReadonlyMap<string, string>; readonly key: VerifierKey; readonly checkpoint: string },
  report: Report,
): void {
  const envelope = parseStrictJson(text)?.value
  const payloadText = member(envelope, 'payload')
  const signatures = member(envelope, 'signatures')
  const signature: unknown = Array.isArray(signatures) && signatures.length === 1 ? signatures[0] : undefined
  const signatureText = member(signature, 'sig')
  if (
    member(envelope, 'payloadType') !== PAYLOAD_TYPE ||
    typeof payloadText !== 'string' ||
    typeof signatureText !== 'string'
  ) {
    report.add(WHERE, 'is not a DSSE envelope of an in-toto statement with one signature')
    return
  }
  const payload = Buffer.from(payloadText, 'base64')
  const encoded = Buffer.concat([
    Buffer.from(`DSSEv1 ${PAYLOAD_TYPE.length} ${PAYLOAD_TYPE} ${payload.length} `),
    payload,
  ])
  const holds = verify(null, encoded, expected.key.publicKey, Buffer.from(signatureText, 'base64'))
  report.check(holds, WHERE, 'has a signature that does not hold')
  report.check(payload.toString('base64') === payloadText, WHERE, 'has base64 that is not in its usual form')
  report.check(
    Buffer.from(signatureText, 'base64').toString('base64') === signatureText,
    WHERE,
    'has base64 that is not in its usual form',
  )
  const keyId = sha256(Buffer.from(expected.key.text)).toString('hex')
  report.check(member(signature, 'keyid') === keyId, WHERE, 'names another key')
  checkPayload(payload.toString(), { ...expected, isSigned: holds }, report)
}

function checkPayload(
  text: string,
  expected: {
    readonly digests: ReadonlyMap<string, string>
    readonly checkpoint: string
    readonly isSigned: boolean
  },
  report: Report,
): void {
  const statement = parseStrictJson(`${text}\n`)?.value
  report.check(
    member(statement, '_type') === 'https://in-toto.io/Statement/v1',
    WHERE,
    'is not an in-toto Statement v1',
  )
  const subjects = member(statement, 'subject')
  const stated = new Map<unknown, unknown>(
    Array.isArray(subjects)
      ? subjects.map((subject: unknown) => [member(subject, 'name'), member(member(subject, 'digest'), 'sha256')])
      : [],
  )
  // What nobody signed says nothing of the files.
  const differ = (what: string): void => {
    if (expected.isSigned) report.add(WHERE, what)
    else report.follow(WHERE, what, 'digests differ between the files and a statement that nobody signed')
  }
  for (const [name, digest] of expected.digests) {
    if (stated.get(name) !== digest) differ(`does not state the digest of ${name}`)
  }
  for (const name of stated.keys()) {
    const isThere = typeof name === 'string' && expected.digests.has(name)
    if (!isThere) differ(`states the digest of ${String(name)}, which is not in the bundle`)
  }
  const checkpoint = member(member(statement, 'predicate'), 'checkpoint')
  report.check(checkpoint === expected.checkpoint, WHERE, 'names another checkpoint')
}
