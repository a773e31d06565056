// Somebody who writes with matrix-js-sdk and its Rust crypto, which is what Element Web is made of.
//
// Each line on stdin is a command, {"id": 1, "do": "send", ...}. Each line on stdout is either the
// answer to one, {"answers": 1, ...} or {"answers": 1, "refused": "why"}, or what was seen since:
// {"saw": "event", ...}, {"saw": "withheld", ...}. When stdin closes, this ends.

import { createInterface } from "node:readline";
import { ClientEvent, createClient, MatrixEventEvent } from "matrix-js-sdk";
import { RoomEvent, RoomMemberEvent, SyncState } from "matrix-js-sdk";
import { AllDevicesIsolationMode } from "matrix-js-sdk/lib/crypto-api/index.js";
import { EventShieldColour, EventShieldReason } from "matrix-js-sdk/lib/crypto-api/index.js";
import { OnlySignedDevicesIsolationMode } from "matrix-js-sdk/lib/crypto-api/index.js";
import { logger } from "matrix-js-sdk/lib/logger.js";

const PATIENCE_MILLISECONDS = 30_000;
let client;

function say(line) {
    process.stdout.write(`${JSON.stringify(line)}\n`);
}

/** Wait until something is so, looking again after each sync. */
async function until(what, happened) {
    const { promise, resolve, reject } = Promise.withResolvers();
    const look = () => happened() && resolve();
    const late = () => reject(new Error(`${what}: that did not happen`));
    const timer = setTimeout(late, PATIENCE_MILLISECONDS);
    client.on(ClientEvent.Sync, look);
    look();
    await promise.finally(() => {
        clearTimeout(timer);
        client.off(ClientEvent.Sync, look);
    });
}

/** Tell how Element would mark a message: with no shield, a grey or a red one, and why. */
async function marks(event) {
    const failure = event.decryptionFailureReason;
    if (failure) return { shield: null, reason: failure };
    const found = await client.getCrypto().getEncryptionInfoForEvent(event);
    if (!found) return { shield: null, reason: null };
    const reason = found.shieldReason === null ? null : EventShieldReason[found.shieldReason];
    return { shield: EventShieldColour[found.shieldColour].toLowerCase(), reason };
}

async function see(event) {
    await client.decryptEventIfNeeded(event);
    // As it was sent: getContent() would give an edited message its newest words.
    const [wire, clear] = [event.getWireContent(), event.getOriginalContent()];
    const [locked, type] = [event.isDecryptionFailure(), event.getWireType()];
    const shown = locked ? { type, content: wire } : { type: event.getType(), content: clear };
    const source = { event_id: event.getId(), sender: event.getSender(), ...shown };
    const encrypted = event.isEncrypted();
    say({ saw: "event", room: event.getRoomId(), source, encrypted, ...(await marks(event)) });
}

let last = Promise.resolve();

/** See one event after the other, in the order in which they came. */
function seeNext(event) {
    last = last.then(() => see(event));
    return last;
}

function watch() {
    client.on(RoomEvent.Timeline, (event, _room, _toStart, _removed, { liveEvent }) => {
        // One's own are seen when they are sent.
        const own = event.getSender() === client.getUserId();
        if (liveEvent && !own && !event.isState()) seeNext(event);
    });
    const unreadable = new Set();
    client.on(MatrixEventEvent.Decrypted, (event) => {
        if (event.isDecryptionFailure()) unreadable.add(event.getId());
        else if (unreadable.delete(event.getId())) seeNext(event); // its key has come at last
    });
    client.on(RoomMemberEvent.Membership, (_event, { userId, roomId, membership }) => {
        const source = { type: "m.room.member", state_key: userId, content: { membership } };
        say({ saw: "event", room: roomId, source, encrypted: false });
    });
    client.on(ClientEvent.ReceivedToDeviceMessage, ({ message: { type, sender, content } }) => {
        if (type === "m.room_key.withheld") say({ saw: "withheld", sender, code: content.code });
    });
}

const commands = {
    async login({ url, user, password, signed, strict }) {
        const identifier = { type: "m.id.user", user };
        const asked = { type: "m.login.password", identifier, password };
        const given = await createClient({ baseUrl: url, logger }).loginRequest(asked);
        const { user_id: userId, access_token: accessToken, device_id: deviceId } = given;
        client = createClient({ baseUrl: url, userId, accessToken, deviceId, logger });
        await client.initRustCrypto({ useIndexedDB: false });
        const modes = [new AllDevicesIsolationMode(false), new OnlySignedDevicesIsolationMode()];
        client.getCrypto().setDeviceIsolationMode(modes[Number(strict)]);
        watch();
        await client.startClient();
        await until("a first sync", () => client.getSyncState() === SyncState.Syncing);
        // The first keys of a user need no password (MSC3967).
        const authUploadDeviceSigningKeys = (upload) => upload(null);
        if (signed) await client.getCrypto().bootstrapCrossSigning({ authUploadDeviceSigningKeys });
        return { device: deviceId, crypto: client.getCrypto().getVersion() };
    },

    async open({ bot }) {
        const content = { algorithm: "m.megolm.v1.aes-sha2" };
        const { room_id: room } = await client.createRoom({
            preset: "trusted_private_chat",
            is_direct: true,
            invite: [bot],
            initial_state: [{ type: "m.room.encryption", state_key: "", content }],
        });
        await client.setAccountData("m.direct", { [bot]: [room] });
        await until("the room", () => client.getRoom(room)?.hasEncryptionStateEvent());
        return { room };
    },

    async join({ room }) {
        await client.joinRoom(room);
        await until("the room", () => client.getRoom(room)?.getMyMembership() === "join");
        return {};
    },

    async send({ room, type, content }) {
        const { event_id } = await client.sendEvent(room, type, content);
        const sent = client.getRoom(room).findEventById(event_id);
        await seeNext(sent);
        return { event: event_id, encrypted: sent.isEncrypted() };
    },

    async redact({ room, event }) {
        await client.redactEvent(room, event);
        return {};
    },

    async leave({ room }) {
        await client.leave(room);
        return {};
    },
};

async function obey(line) {
    const { id, do: name, ...details } = JSON.parse(line);
    try {
        say({ answers: id, ...(await commands[name](details)) });
    } catch (error) {
        say({ answers: id, refused: String(error) });
    }
}

logger.setLevel("error", false);
for (const name of ["trace", "debug", "info", "log", "warn"]) console[name] = () => {};
createInterface({ input: process.stdin }).on("line", obey).on("close", () => process.exit());
