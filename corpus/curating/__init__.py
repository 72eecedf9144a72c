"""The pages by which a curator sets a campaign up: settings, prompts, texts, people."""
