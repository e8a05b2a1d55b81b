"""The demo channel: a fictional maker of electrical and lighting goods, built through the services."""
