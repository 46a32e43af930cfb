/** What is needed to check a receipt anywhere: no platform but WebCrypto, no network. */
export { type Bytes, equal, fromBase64, fromBase64Url, sha256, textOf, toBase64, toBase64Url, utf8 } from './bytes.ts'
export { canonical } from './canonical.ts'
export { type Believed, believedKeys, type KeySet, readJws, readKeySet, type Trusted, thumbprint } from './keys.ts'
export { type LogProof, readLogProof, writeLogProof } from './log-proof.ts'
export { emptyRoot, isConsistent, leafHash, nodeHash, rootOfInclusion, type TreeHead } from './merkle.ts'
export {
  type Checkpoint,
  checkpointText,
  cosignedText,
  keyIdOf,
  type Note,
  type NoteKey,
  type NoteSigner,
  readCheckpoint,
  readNote,
  readNoteKey,
  signatureLine,
  signersOf,
  timestampBytes,
  verifyEd25519,
  writeNoteKey,
} from './note.ts'
export { type LogVerdict, type ReceiptInput, type Verdict, verifyReceipt } from './verify.ts'
