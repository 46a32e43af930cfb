export { canonical, digestOf } from './bytes.ts'
export {
  type ClearPart,
  clearPart,
  type Disagreement,
  disagreement,
  type Expected,
  fileInfo,
  isOfCase,
  type SealedManifest,
  type SealedPart,
  sealedSize,
  sealedTarget,
  suiteName,
} from './envelope.ts'
export { openFile, sealFile } from './file.ts'
export { canSeal, type KeyPair, newKeyPair, type SealedTo } from './hpke.ts'
export { CannotOpen, openSubmission, type SealedCase } from './open.ts'
export { type LockedKey, leastLength, lockKey, unlockKey, WrongPassphrase } from './passphrase.ts'
export { fingerprintOf, isPinned, keyId, type Recipient, type RecipientSet } from './recipients.ts'
export { joinShares, SharesDoNotFit, schemes, splitKey } from './recovery.ts'
export { type FileNote, type SealedContent, type SealedService, sealSubmission, TooLong } from './seal.ts'
export { unwrapKey, type WrapPlace, wrapKey } from './wrap.ts'
