import { createHash, createPublicKey, type KeyObject, sign, verify } from 'node:crypto'

/**
 * Signed notes (C2SP signed-note) and checkpoints (C2SP tlog-checkpoint) with Ed25519 keys.
 * The key's raw public half is the last 32 bytes of its SPKI form (RFC 8410).
 */
const ED25519 = 0x01
const RAW_KEY_BYTES = 32

export type NoteSigner = { readonly name: string; readonly privateKey: KeyObject }
export type NoteVerifier = { readonly name: string; readonly id: Buffer; readonly publicKey: KeyObject }

/** `text` ends in a newline. */
export function signNote(text: string, signer: NoteSigner): string {
  const raw = rawPublicKey(createPublicKey(signer.privateKey))
  const signature = sign(null, Buffer.from(text), signer.privateKey)
  return `${text}\n— ${signer.name} ${Buffer.concat([keyId(signer.name, raw), signature]).toString('base64')}\n`
}

/** The note's text where a signature of `verifier` holds; undefined otherwise. Untrusted. */
export function openNote(note: string, verifier: NoteVerifier): string | undefined {
  const split = note.lastIndexOf('\n\n')
  if (split < 0) return undefined
  const text = note.slice(0, split + 1)
  for (const line of note.slice(split + 2).split('\n')) {
    const parts = /^— (\S+) ([A-Za-z0-9+/]+={0,2})$/.exec(line)
    if (parts === null || parts[1] !== verifier.name) continue
    const bytes = Buffer.from(parts[2] ?? '', 'base64')
    if (!bytes.subarray(0, 4).equals(verifier.id)) continue
    if (verify(null, Buffer.from(text), verifier.publicKey, bytes.subarray(4))) return text
  }
  return undefined
}

/** The verifier key in C2SP form: `<name>+<hex id>+<base64 of type and key>`. */
export function verifierKey(name: string, publicKey: KeyObject): string {
  const raw = rawPublicKey(publicKey)
  return `${name}+${keyId(name, raw).toString('hex')}+${Buffer.concat([Buffer.of(ED25519), raw]).toString('base64')}`
}

export function noteVerifier(name: string, publicKey: KeyObject): NoteVerifier {
  return { name, id: keyId(name, rawPublicKey(publicKey)), publicKey }
}

/** Text of a checkpoint, without its signature. */
export function checkpointText(origin: string, size: number, rootHash: Uint8Array): string {
  return `${origin}\n${size}\n${Buffer.from(rootHash).toString('base64')}\n`
}

/** Undefined unless `text` is a checkpoint of `origin`. */
export function parseCheckpointText(text: string, origin: string): { size: number; rootHash: Buffer } | undefined {
  const [name, size, root, ...rest] = text.split('\n')
  if (name !== origin || size === undefined || !/^(0|[1-9][0-9]{0,15})$/.test(size) || root === undefined)
    return undefined
  const rootHash = Buffer.from(root, 'base64')
  if (rootHash.length !== 32 || rootHash.toString('base64') !== root || rest.length !== 1) return undefined
  return { size: Number(size), rootHash }
}

function keyId(name: string, rawKey: Uint8Array): Buffer {
  return createHash('sha256').update(`${name}\n`).update(Buffer.of(ED25519)).update(rawKey).digest().subarray(0, 4)
}

function rawPublicKey(publicKey: KeyObject): Buffer {
  return publicKey.export({ type: 'spki', format: 'der' }).subarray(-RAW_KEY_BYTES)
}
