"""Who is let in: bearer token, origin header, IP allowlist, token rotation, and the settings behind them."""
