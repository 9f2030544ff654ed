export type Tags = Readonly<Record<string, string>>

export type StoredRole = {
  readonly name: string
  readonly path: string
  readonly id: string
  readonly trust: string
  readonly inline: Readonly<Record<string, string>>
  readonly attached: readonly string[]
  readonly boundary?: string
  readonly tags: Tags
}

export type StoredUser = {
  readonly name: string
  readonly id: string
  readonly tags: Tags
  readonly keys: Readonly<Record<string, { readonly isActive: boolean; readonly lastUsed?: string }>>
}

/** One account, never changed: a write makes another one. */
export type AccountState = {
  readonly roles: Readonly<Record<string, StoredRole>>
  readonly users: Readonly<Record<string, StoredUser>>
  readonly policies: Readonly<Record<string, string>>
}

/** What an action comes to: a state to keep, and what is answered. */
export type Done = { readonly state: AccountState; readonly result: string }

/** An answer that is an error, by IAM's own codes. */
export class IamFault extends Error {
  override readonly name = 'IamFault'
  readonly code: string
  readonly status: number

  constructor(code: string, status: number, message: string) {
    super(message)
    this.code = code
    this.status = status
  }
}

export function xmlText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

export function element(name: string, text: string | undefined): string {
  return text === undefined ? '' : `<${name}>${xmlText(text)}</${name}>`
}

export function members(name: string, items: readonly string[]): string {
  return `<${name}>${items.map((item) => `<member>${item}</member>`).join('')}</${name}>`
}

/** IAM percent-encodes documents as RFC 3986 has it. */
export function encodedDocument(text: string): string {
  return encodeURIComponent(text).replaceAll(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)
}
