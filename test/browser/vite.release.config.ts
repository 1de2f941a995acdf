import { defineConfig, mergeConfig, type Plugin, type UserConfig } from 'vite';
import pageConfig from '../../vite.config.ts';

/** The contract between tab and hub that the release speaks; that of the sources where it is not said. */
const contract = process.env['ROSTRUM_RELEASE_CONTRACT'];

/** Makes the hub another one than that of the sources, as any change of its code does. */
const otherHub: Plugin = {
  name: 'other-hub',
  transform(code, id) {
    return /\/src\/worker-hub\/main\.ts\b/.test(id) ? `${code}\nself.rostrumRelease = 'next';` : undefined;
  },
};

/** Makes page and hub speak another contract. */
const otherContract: Plugin = {
  name: 'other-contract',
  transform(code, id) {
    if (contract === undefined || !id.endsWith('/src/protocol/tab/contract-version.ts')) return undefined;
    return code.replace(/TAB_CONTRACT_VERSION = \d+/, `TAB_CONTRACT_VERSION = ${contract}`);
  },
};

/** The release after the one in `dist/web`: page, hub and service worker, built from the same sources. */
export default defineConfig((env) => {
  const next: UserConfig = {
    plugins: [otherContract],
    worker: { plugins: () => [otherHub, otherContract] },
    build: { reportCompressedSize: false },
  };
  return mergeConfig(pageConfig(env), next);
});
