/** Every kind of provider. */
import { openIdConnect } from './openid-connect/kind.ts'
import type { ProviderKind } from './sign-in.ts'

export const providerKinds: readonly ProviderKind[] = [openIdConnect]
