import { expose } from 'comlink';
import { TAB_CONTRACT_VERSION } from '../../protocol/tab/contract-version.ts';
import type { ViewRequest } from '../../protocol/tab/view-data.ts';

/** A hub at the other end of a real port: it answers `hello`, remembers what it was asked, and can be killed. */
export class PortHub {
  readonly calls: unknown[] = [];
  readonly acks: unknown[] = [];
  port: MessagePort | undefined;

  readonly bootId: string;
  readonly contract: number;

  constructor(bootId: string, contract = TAB_CONTRACT_VERSION) {
    this.bootId = bootId;
    this.contract = contract;
  }

  open(): MessagePort {
    const channel = new MessageChannel();
    this.port = channel.port1;
    this.port.addEventListener('message', ({ data }) => 'ack' in data && this.acks.push(data.ack));
    expose(
      {
        hello: (hello: unknown) => {
          this.calls.push(['hello', hello]);
          return { bootId: this.bootId, contract: this.contract, lockName: `hub-alive-${this.bootId}` };
        },
        subscribe: (stream: number, view: ViewRequest) => void this.calls.push(['subscribe', stream, view]),
        unsubscribe: (stream: number) => void this.calls.push(['unsubscribe', stream]),
        setVisible: (visible: boolean) => void this.calls.push(['setVisible', visible]),
        bye: () => void this.calls.push(['bye']),
        read: () => new Promise(() => undefined),
        status: () => ({ bootId: this.bootId }),
      },
      this.port,
    );
    return channel.port2;
  }
}
