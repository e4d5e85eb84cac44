"""The paper card of vcldl."""

from __future__ import annotations

from workbench.cards.base import PaperCard

CARD = PaperCard(
    method="vcldl",
    title="Variational Continuous Label Distribution Learning for Multi-Label Text Classification",
    authors="Xingyu Zhao, Yuexuan An, Ning Xu, Xin Geng",
    venue="IEEE TKDE",
    year=2023,
    summary="Logits of a trained method and gold label sets are drawn into one variational autoencoder. The "
    "method inside reads with the run's encoder, not with that of its own paper.",
    equations={
        "block": r"z' = z + W_2 \, \mathrm{ELU}(W_1 \, \mathrm{sigmoid}(z))",
        "latent": r"d = \mathrm{MLP}(E_x(x) + E_y(y)), \; z = \mu(d) + \sigma(d) \odot \epsilon",
        "prediction": r"\hat y = \mathrm{sigmoid}(D_y(E_x(x)))",
        "loss": r"\mathcal{L} = \mathrm{BCE}(D_y(E_x(x)), y) + \alpha [\tfrac{1}{2}"
        r" \mathrm{MSE}(E_x(x), D_x(z)) + \mathrm{BCE}(D_y(z), y)"
        r" + \mathrm{KL}(\mathcal{N}(\mu, \sigma^2) \| \mathcal{N}(0, 1))]",
    },
    mechanisms=("autoencoder", "label correlation"),
)
