"""What a training can be told, known without torch: settings, checks, the command."""
