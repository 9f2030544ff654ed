/** The bundle's README.txt: how to check it with nothing but common tools. Fixed text, so that bundles stay equal. */
export const BUNDLE_README = `EVIDENCE BUNDLE

This file holds records from a Holdfast log, and the proofs that they are in it, unchanged and in this order.
"holdfast evidence verify FILE" checks all of it without a network or a server. By hand:

1. Files. "sha256sum -c manifest-sha256.txt" and "sha256sum -c tagmanifest-sha256.txt" in the unpacked folder.

2. One record N.
   data/entries/N.bin is the log entry, 77 bytes: version (1), time recorded in nanoseconds since 1970 (8, big-endian),
   digest of the envelope (32), digest of the body (32), length of the body (4, big-endian).
   The digest of the body is SHA-256 of: the 32 bytes of salt for N in data/salts.json, then data/bodies/N, then
   data/masks/N.json where that file exists. The digest of the envelope is SHA-256 of the salt and then
   data/envelopes/<digest>.json.

3. Its place in the log. The leaf hash is SHA-256 of a zero byte and then data/entries/N.bin. data/proofs/N.tlog-proof
   (c2sp.org/tlog-proof) leads from there to the root hash in the checkpoint at its end (RFC 6962, section 2.1.1).

4. The signature. data/checkpoint is a signed note (c2sp.org/signed-note) under the key in data/key.vkey. Compare that
   key with one that you have from elsewhere: a key that only the bundle vouches for proves nothing about who signed.

5. What is absent. data/missing.json lists records whose content was erased: their entries and proofs are still here.

6. Seals. Where evidence was sealed before the export, data/seals.json lists the sections of it: entries below the first
   size lay under the first seal, those up to the next size under the next, and the last section was sealed by this
   bundle's own checkpoint. Each section's proof shows that this log begins with the sealed one (RFC 6962, section 2.1.2).

7. Custody. Where data/custody.json is there, it lists who sealed, read and exported this evidence and when; each line
   is the body of the log entry that it names, which is in this bundle with its proof.

8. Hidden fields. Where data/redactions.json is there, values were hidden by who exported this: "[redacted]" and asterisks
   stand in their place. Records without a salt in data/salts.json are then stated: data/bodies/M of each statement M is
   a log entry in this bundle with its proof, made before the export. It names the leaf digests of each record and cuts
   its body into parts; the digest of a part that is not hidden is SHA-256 of its salt in data/redactions.json and its
   bytes. That the statement fits what was recorded can be checked by whoever holds the log.

data/about.json says what the bundle is about. data/statement.dsse.json is an in-toto statement over the files under
data/, signed with the same key. Texts in bodies were captured from agents and are not to be trusted: do not run them.
`
