import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { forgetPhrase, normalisePhrase, storedPhrase } from "../api/identity";
import { Problem } from "../api/problem";
import * as api from "../api/speakers";
import type { AccountSpeaker } from "../api/speakers";
import { ChoirElement } from "../lib/element";
import { icons } from "../lib/icons";
import { t, tn } from "../lib/text";
import "./remove-dialog";
import { speakerName } from "./speaker-name";

/** `<choir-speakers>`: the speakers of an account, who speaks now, and adding another one. */
export class ChoirSpeakers extends ChoirElement {
  static override properties = {
    speakers: { state: true },
    told: { state: true },
    naming: { state: true },
    message: { state: true },
    problem: { state: true },
  };

  declare speakers: AccountSpeaker[] | null;
  /** A phrase that was made just now: shown once. */
  declare told: { name: string; phrase: string } | null;
  /** The id of the speaker who is being named. */
  declare naming: string;
  declare message: string;
  declare problem: string;

  constructor() {
    super();
    this.speakers = null;
    this.told = null;
    this.naming = "";
    this.message = "";
    this.problem = "";
  }

  protected override connected(): void {
    this.scope.listen(document, "adopted", () => void this.#orSay(() => this.#load()));
    void this.#orSay(() => this.#load());
  }

  protected override render(): TemplateResult {
    const { speakers } = this;
    if (!speakers && !this.problem) return html`<p class="muted">${t("One moment…")}</p>`;
    return html`
      <p role="status" tabindex="-1" class=${this.message ? "message" : nothing}>${this.message}</p>
      <p role="alert" class=${this.problem ? "hint" : nothing}>${this.problem}</p>
      ${this.told ? this.#phrase(this.told) : nothing}
      ${speakers?.length === 0
        ? html`<p class="empty">${t("No speaker yet. Record a set, or add somebody.")}</p>`
        : nothing}
      <ul class="rows speakers">
        ${repeat(speakers ?? [], (each) => each.id, (each) => this.#row(each))}
      </ul>
      ${this.#adding()}
      <choir-remove-dialog @confirmed=${this.#remove}></choir-remove-dialog>
    `;
  }

  #row(speaker: AccountSpeaker): TemplateResult {
    const name = speakerName(speaker);
    const quiet = (action: string, label: string, run: () => unknown): TemplateResult => html`
      <button type="button" class="button" data-look="quiet" data-action=${action} @click=${run}>
        <span>${label}<span class="visually-hidden">: ${name}</span></span>
      </button>
    `;
    return html`
      <li class="row" data-speaker=${speaker.id} ?data-selected=${speaker.selected}>
        ${this.naming === speaker.id ? this.#nameForm(speaker) : html`<span class="row-title">${name}</span>`}
        <span class="row-facts">
          ${speaker.selected
            ? html`<span class="badge" data-tone="good">${icons.microphone} ${t("Speaks now")}</span>`
            : nothing}
          <a class="small" href="/me/clips/?speaker=${speaker.id}">
            ${tn("{count} clip", "{count} clips", speaker.clips)}<span class="visually-hidden">: ${name}</span>
          </a>
        </span>
        <span class="row-actions">
          ${speaker.selected
            ? nothing
            : html`<button type="button" class="button" data-action="select" @click=${() => this.#select(speaker)}>
                ${t("Speak as {name}", { name })}
              </button>`}
          ${quiet("name", t("Name"), () => this.#startNaming(speaker))}
          ${quiet("phrase", t("New phrase"), () => this.#renew(speaker))}
          ${quiet("remove", t("Take out"), () => this.querySelector("choir-remove-dialog")?.ask(speaker))}
        </span>
      </li>
    `;
  }

  #nameForm(speaker: AccountSpeaker): TemplateResult {
    const submit = (event: SubmitEvent): void => {
      event.preventDefault();
      const label = this.querySelector<HTMLInputElement>("#speaker-name")?.value.trim() ?? "";
      void this.#orSay(async () => {
        await api.nameSpeaker(speaker.id, label);
        this.naming = "";
        await this.#load();
        this.#say(t("Named."));
      });
    };
    return html`
      <form class="form naming" @submit=${submit}>
        <label class="visually-hidden" for="speaker-name">${t("Name, for your eyes only")}</label>
        <input id="speaker-name" maxlength="60" autocomplete="off" .value=${speaker.label} />
        <button class="button">${t("Save")}</button>
      </form>
    `;
  }

  #adding(): TemplateResult {
    return html`
      <form class="form add-speaker" @submit=${this.#add}>
        <p class="field">
          <label for="add-label">${t("Add somebody who records at this device")}</label>
          <input id="add-label" maxlength="60" required autocomplete="off" placeholder=${t("Grandma")} aria-describedby="add-help" />
          <span class="muted small" id="add-help">
            ${t("Each speaker agrees for themselves, has clips and a pseudonym of their own, and is counted as a voice of their own. The name is for your eyes only.")}
          </span>
        </p>
        <div class="actions"><button class="button" data-action="add">${t("Add")}</button></div>
      </form>
      <details class="by-phrase">
        <summary>${t("They have a recovery phrase already")}</summary>
        <form class="form" @submit=${this.#adopt}>
          <p class="field field-wide">
            <label for="adopt-phrase">${t("Recovery phrase")}</label>
            <textarea id="adopt-phrase" rows="2" required autocomplete="off" autocapitalize="none" spellcheck="false"></textarea>
          </p>
          <p class="field">
            <label for="adopt-name">${t("Name, for your eyes only")}</label>
            <input id="adopt-name" maxlength="60" autocomplete="off" />
          </p>
          <div class="actions"><button class="button" data-action="adopt-phrase">${t("Add to my account")}</button></div>
        </form>
      </details>
    `;
  }

  #phrase({ name, phrase }: { name: string; phrase: string }): TemplateResult {
    return html`
      <section class="card told" aria-labelledby="told-title">
        <h3 id="told-title" tabindex="-1">${t("The recovery phrase of {name}", { name })}</h3>
        <p>${t("It is shown this once. With it they reach their clips without your account.")}</p>
        <choir-phrase .phrase=${phrase}></choir-phrase>
        <div class="actions">
          <button type="button" class="button" data-action="kept" @click=${() => (this.told = null)}>
            ${t("I have kept it")}
          </button>
        </div>
      </section>
    `;
  }

  async #load(): Promise<void> {
    this.speakers = await api.getSpeakers();
  }

  #select(speaker: AccountSpeaker): void {
    void this.#orSay(async () => {
      const unsent = await takesOnTheWay();
      if (unsent > 0) {
        this.problem = tn(
          "{count} take is still being sent, and would become somebody else’s. Try again when it has arrived.",
          "{count} takes are still being sent, and would become somebody else’s. Try again when they have arrived.",
          unsent,
        );
        return;
      }
      await api.selectSpeaker(speaker.id);
      await this.#load();
      this.#say(t("{name} speaks now. What is recorded in this browser is theirs.", { name: speakerName(speaker) }));
    });
  }

  #startNaming(speaker: AccountSpeaker): void {
    this.naming = speaker.id;
    void this.focusOn("#speaker-name");
  }

  #renew(speaker: AccountSpeaker): void {
    void this.#orSay(async () => {
      const { recovery_phrase } = await api.renewPhrase(speaker.id);
      this.#tell(speakerName(speaker), recovery_phrase);
    });
  }

  #remove(): void {
    const speaker = this.querySelector("choir-remove-dialog")?.speaker;
    if (!speaker) return;
    void this.#orSay(async () => {
      await api.removeSpeaker(speaker.id);
      await this.#load();
      this.#say(t("{name} is no longer in your account.", { name: speakerName(speaker) }));
    });
  }

  #add(event: SubmitEvent): void {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const label = this.querySelector<HTMLInputElement>("#add-label")?.value.trim() ?? "";
    void this.#orSay(async () => {
      const added = await api.addSpeaker(label);
      form.reset();
      await this.#load();
      this.#tell(speakerName(added.speaker), added.recovery_phrase);
    });
  }

  #adopt(event: SubmitEvent): void {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const phrase = this.querySelector("textarea")?.value ?? "";
    const label = this.querySelector<HTMLInputElement>("#adopt-name")?.value.trim() ?? "";
    void this.#orSay(async () => {
      const adopted = await api.adoptSpeaker(label, phrase);
      // Left here, it would bring the speaker back for whoever comes after the sign-out.
      if (normalisePhrase(phrase) === storedPhrase()) forgetPhrase();
      form.reset();
      await this.#load();
      this.#say(t("{name} is in your account now.", { name: speakerName(adopted) }));
    });
  }

  #tell(name: string, phrase: string): void {
    this.told = { name, phrase };
    void this.focusOn("#told-title");
  }

  #say(message: string): void {
    this.message = message;
    void this.focusOn("[role=status]");
  }

  async #orSay(work: () => Promise<void>): Promise<void> {
    this.problem = "";
    this.message = "";
    try {
      await work();
    } catch (error) {
      this.problem = Problem.of(error).message;
    }
  }
}

/** How many takes this device has yet to send for whoever speaks now. */
async function takesOnTheWay(): Promise<number> {
  const { sharedUploader } = await import("../upload/shared");
  // A device that keeps nothing (a private window, for example) has nothing to send.
  const uploader = await sharedUploader().catch(() => null);
  return (uploader?.takes ?? []).filter(({ progress }) => progress.status !== "failed").length;
}

customElements.define("choir-speakers", ChoirSpeakers);
