"""The texts that SEP-MLDC's paper prints: prompts, and what a language model made of labels (Tables 7 and 8).

Paper: "SEP-MLDC: A Simple and Effective Paradigm for Multi-Label Document Classification". Braces are filled
in when a prompt is used.
"""

from __future__ import annotations

AAPD, EURLEX = "AAPD", "EUR-Lex"

DESCRIBE = {
    AAPD: "The AAPD dataset is a typical multi-label text classification dataset sourced from ArXiv academic "
    "papers, containing titles and abstracts, with ArXiv's subject categories as labels. Please explain the "
    "meaning of {label} in the AAPD dataset in one sentence, using no more than 30 tokens and unrelated "
    "information.",
    EURLEX: "The EUR-Lex dataset is a legal document dataset used for multi-label text classification, "
    "containing legal texts, regulations, and other legal documents from the European Union. Each document "
    "in the dataset is associated with one or more labels that represent different areas of law. Please "
    "explain the meaning of {label} in the EUR-Lex dataset in one sentence, using no more than 30 tokens and "
    "unrelated information.",
}

DESCRIPTIONS = (
    (AAPD, "stat.ML", "The content of the paper is related to the fields of statistical machine learning."),
    (
        AAPD,
        "math.PR",
        "Probability in mathematics, focusing on the study of probability theory and stochastic processes.",
    ),
    (
        AAPD,
        "cs.CE",
        "The field of probability in mathematics, focusing on the study of probability theory and stochastic "
        "processes.",
    ),
    (
        AAPD,
        "physics.data-an",
        "The content of the paper involves data analysis, statistical methods, and probability in the field "
        "of physics, encompassing the study and interpretation of physical phenomena through statistical "
        "techniques or data-driven approaches.",
    ),
    (
        AAPD,
        "quant-ph",
        "Related to the field of quantum physics, covering various directions such as theoretical research, "
        "experimental techniques, and quantum information science.",
    ),
    (
        EURLEX,
        "7937.0",
        'The legal topic "agricultural structure" under the category of "Agriculture and Fisheries".',
    ),
    (
        EURLEX,
        "accession_criteria",
        "The specific conditions or standards that a country must meet to join the European Union.",
    ),
    (
        EURLEX,
        "access_to_the_courts",
        "The legal topic concerning the right or ability of individuals or entities to seek judicial redress "
        "or remedy in courts.",
    ),
    (
        EURLEX,
        "accounting_system",
        "Laws and regulations related to the system of recording and summarizing business and financial "
        "transactions.",
    ),
    (
        EURLEX,
        "administrative_expenditure",
        "Legal topics related to the costs of running a government or organization, including salaries, "
        "supplies, and overhead expenses.",
    ),
)
"""Corpus, label, and what it was expanded to."""

GENERATE = {
    AAPD: "Example: {document}. Please refer to the above example and then write an article abstract meeting "
    "the following criteria: 1. The abstract belongs to the fields of {label_1}, …, {label_n}. {label_1} "
    "represents {text_1}, …, {label_n} represents {text_n}. 2. The length is approximately {m} tokens. 3. "
    "Keep a similar essay writing style, requiring rigor and no mistakes. 4. Describe from several aspects: "
    "research background, problems to be solved, proposed methods, and results.",
    EURLEX: "Example: {document}. Please refer to the above example and then write an EU legal document "
    "meeting the following criteria: 1. Documents usually include legal provisions, regulations, directives, "
    "resolutions, rulings, etc. Each document contains the content of the legal text (such as title, summary "
    "or complete legal text). 2. The legal document belongs to the {label_1}, …, {label_n} fields. {label_1} "
    "represents {text_1}, …, {label_n} represents {text_n}. 3. The length is approximately {m} tokens. 4. "
    "Maintain a similar legal document writing style, requiring rigor, no errors, and conformity to actual "
    "conditions. 5. Pick a random date in the past.",
}
