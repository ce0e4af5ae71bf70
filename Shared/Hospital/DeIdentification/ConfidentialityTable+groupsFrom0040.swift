extension ConfidentialityTable {
    /// Table E.1-1, groups 0040 and above: attribute, action of the Basic Profile, options that keep it, name.
    static let groupsFrom0040 = """
        00400001 X      -  Scheduled Station AE Title
        00400002 X      t  Scheduled Procedure Step Start Date
        00400003 X      t  Scheduled Procedure Step Start Time
        00400004 X      t  Scheduled Procedure Step End Date
        00400005 X      t  Scheduled Procedure Step End Time
        00400006 X      -  Scheduled Performing Physician's Name
        00400007 X      -  Scheduled Procedure Step Description
        00400009 X      -  Scheduled Procedure Step ID
        0040000b X      -  Scheduled Performing Physician Identification Sequence
        00400010 X      d  Scheduled Station Name
        00400011 X      d  Scheduled Procedure Step Location
        00400012 X      -  Pre-Medication
        00400241 X      -  Performed Station AE Title
        00400242 X      d  Performed Station Name
        00400243 X      -  Performed Location
        00400244 X      t  Performed Procedure Step Start Date
        00400245 X      t  Performed Procedure Step Start Time
        00400250 X      t  Performed Procedure Step End Date
        00400251 X      t  Performed Procedure Step End Time
        00400253 X      -  Performed Procedure Step ID
        00400254 X      -  Performed Procedure Step Description
        00400275 X      -  Request Attributes Sequence
        00400280 X      -  Comments on the Performed Procedure Step
        00400310 X      -  Comments on Radiation Dose
        0040050a X      -  Specimen Accession Number
        00400512 D      -  Container Identifier
        00400513 Z      -  Issuer of the Container Identifier Sequence
        0040051a X      -  Container Description
        00400551 D      -  Specimen Identifier
        00400554 U      -  Specimen UID
        00400555 X/Z    -  Acquisition Context Sequence
        00400556 X      -  Acquisition Context Description
        00400562 Z      -  Issuer of the Specimen Identifier Sequence
        00400600 X      -  Specimen Short Description
        00400602 X      -  Specimen Detailed Description
        00400610 Z      -  Specimen Preparation Sequence
        004006fa X      -  Slide Identifier
        00401001 X      -  Requested Procedure ID
        00401002 X      -  Reason for the Requested Procedure
        00401004 X      -  Patient Transport Arrangements
        00401005 X      -  Requested Procedure Location
        0040100a X      -  Reason for Requested Procedure Code Sequence
        00401010 X      -  Names of Intended Recipients of Results
        00401011 X      -  Intended Recipients of Results Identification Sequence
        00401101 D      -  Person Identification Code Sequence
        00401102 X      -  Person's Address
        00401103 X      -  Person's Telephone Numbers
        00401104 X      -  Person's Telecom Information
        00401400 X      -  Requested Procedure Comments
        00402001 X      -  Reason for the Imaging Service Request
        00402004 X      t  Issue Date of Imaging Service Request
        00402005 X      t  Issue Time of Imaging Service Request
        00402008 X      -  Order Entered By
        00402009 X      -  Order Enterer's Location
        00402010 X      -  Order Callback Phone Number
        00402011 X      -  Order Callback Telecom Information
        00402016 Z      -  Placer Order Number / Imaging Service Request
        00402017 Z      -  Filler Order Number / Imaging Service Request
        00402400 X      -  Imaging Service Request Comments
        00403001 X      -  Confidentiality Constraint on Patient Data Description
        00404005 X      t  Scheduled Procedure Step Start DateTime
        00404008 X      t  Scheduled Procedure Step Expiration DateTime
        00404010 X      t  Scheduled Procedure Step Modification DateTime
        00404011 X      t  Expected Completion DateTime
        00404023 U      -  Referenced General Purpose Scheduled Procedure Step Transaction UID
        00404025 X      d  Scheduled Station Name Code Sequence
        00404027 X      d  Scheduled Station Geographic Location Code Sequence
        00404028 X      d  Performed Station Name Code Sequence
        00404030 X      d  Performed Station Geographic Location Code Sequence
        00404034 X      -  Scheduled Human Performers Sequence
        00404035 X      -  Actual Human Performers Sequence
        00404036 X      -  Human Performer's Organization
        00404037 X      -  Human Performer's Name
        00404050 X      t  Performed Procedure Step Start DateTime
        00404051 X      t  Performed Procedure Step End DateTime
        00404052 X      t  Procedure Step Cancellation DateTime
        0040a023 X      t  Findings Group Recording Date (Trial)
        0040a024 X      t  Findings Group Recording Time (Trial)
        0040a027 D      -  Verifying Organization
        0040a030 D      t  Verification DateTime
        0040a032 X/D    t  Observation DateTime
        0040a033 X      t  Observation Start DateTime
        0040a034 X      -  Effective Start DateTime
        0040a035 X      -  Effective Stop DateTime
        0040a073 D      -  Verifying Observer Sequence
        0040a075 D      -  Verifying Observer Name
        0040a078 X      -  Author Observer Sequence
        0040a07a X      -  Participant Sequence
        0040a07c X      -  Custodial Organization Sequence
        0040a082 Z      t  Participation DateTime
        0040a088 Z      -  Verifying Observer Identification Code Sequence
        0040a110 X      t  Date of Document or Verbal Transaction (Trial)
        0040a112 X      t  Time of Document Creation or Verbal Transaction (Trial)
        0040a120 D      t  DateTime
        0040a121 D      t  Date
        0040a122 D      t  Time
        0040a123 D      -  Person Name
        0040a124 U      -  UID
        0040a13a D      t  Referenced DateTime
        0040a171 U      -  Observation UID
        0040a172 U      -  Referenced Observation UID (Trial)
        0040a192 X      t  Observation Date (Trial)
        0040a193 X      t  Observation Time (Trial)
        0040a307 X      -  Current Observer (Trial)
        0040a352 X      -  Verbal Source (Trial)
        0040a353 X      -  Address (Trial)
        0040a354 X      -  Telephone Number (Trial)
        0040a358 X      -  Verbal Source Identifier Code Sequence (Trial)
        0040a402 U      -  Observation Subject UID (Trial)
        0040a730 D      -  Content Sequence
        0040b020 X/D    -  Waveform Annotation Sequence
        0040b034 X      -  Annotation DateTime
        0040b036 X      -  Segment Definition DateTime
        0040b03b X      -  Montage Name
        0040b03f X      -  Montage Channel Label
        0040db06 X      t  Template Version
        0040db07 X      t  Template Local Version
        0040db0c U      -  Template Extension Organization UID
        0040db0d U      -  Template Extension Creator UID
        0040e004 X      t  HL7 Document Effective Time
        0040e012 X      -  Display URI
        00420011 D      -  Encapsulated Document
        00440004 X      t  Approval Status DateTime
        0044000b X      t  Product Expiration DateTime
        00440010 X      t  Substance Administration DateTime
        00440104 D      t  Assertion DateTime
        00440105 X      t  Assertion Expiration DateTime
        0050001b X      -  Container Component ID
        00500020 X      d  Device Description
        00500021 X      -  Long Device Description
        00620021 U      -  Tracking UID
        00640003 U      -  Source Frame of Reference UID
        00686226 D      t  Effective DateTime
        00686270 D      t  Information Issue DateTime
        006a0003 D      -  Annotation Group UID
        006a0005 D      -  Annotation Group Label
        006a0006 X      -  Annotation Group Description
        00700001 D      -  Graphic Annotation Sequence
        00700006 D      -  Unformatted Text Value
        00700082 X      t  Presentation Creation Date
        00700083 X      t  Presentation Creation Time
        00700084 Z/D    -  Content Creator's Name
        00700086 X      -  Content Creator's Identification Code Sequence
        0070031a U      -  Fiducial UID
        00701101 U      -  Presentation Display Collection UID
        00701102 U      -  Presentation Sequence Collection UID
        0072000a D      t  Hanging Protocol Creation DateTime
        0072005e D      -  Selector AE Value
        0072005f D      p  Selector AS Value
        00720061 D      t  Selector DA Value
        00720063 D      t  Selector DT Value
        00720065 D      -  Selector OB Value
        00720066 D      -  Selector LO Value
        00720068 D      -  Selector LT Value
        0072006a D      -  Selector PN Value
        0072006b D      t  Selector TM Value
        0072006c D      -  Selector SH Value
        0072006d D      -  Selector UN Value
        0072006e D      -  Selector ST Value
        00720070 D      -  Selector UT Value
        00720071 D      -  Selector UR Value
        00741234 X      -  Receiving AE
        00741236 X      -  Requesting AE
        00880140 U      -  Storage Media File-set UID
        00880200 X      -  Icon Image Sequence (see Note 11)
        00880904 X      -  Topic Title
        00880906 X      -  Topic Subject
        00880910 X      -  Topic Author
        00880912 X      -  Topic Keywords
        01000420 X      t  SOP Authorization DateTime
        04000100 U      -  Digital Signature UID
        04000105 D      t  Digital Signature DateTime
        04000115 D      -  Certificate of Signer
        04000310 X      t  Certified Timestamp
        04000402 X      -  Referenced Digital Signature Sequence
        04000403 X      -  Referenced SOP Instance MAC Sequence
        04000404 X      -  MAC
        04000550 X      -  Modified Attributes Sequence
        04000551 X      -  Nonconforming Modified Attributes Sequence
        04000552 X      -  Nonconforming Data Element Value
        04000561 X      -  Original Attributes Sequence
        04000562 D      t  Attribute Modification DateTime
        04000563 D      d  Modifying System
        04000564 Z      -  Source of Previous Values
        04000565 D      -  Reason for the Attribute Modification
        04000600 X      -  Instance Origin Status
        20300020 X      -  Text String
        21000040 X      t  Creation Date
        21000050 X      t  Creation Time
        21000070 X      -  Originator
        21000140 D      -  Destination AE
        22000002 X/Z    -  Label Text
        22000005 X/Z    -  Barcode Value
        30020121 X      -  Position Acquisition Template Name
        30020123 X      -  Position Acquisition Template Description
        30060002 D      -  Structure Set Label
        30060004 X      -  Structure Set Name
        30060006 X      -  Structure Set Description
        30060008 Z      t  Structure Set Date
        30060009 Z      t  Structure Set Time
        30060024 U      -  Referenced Frame of Reference UID
        30060026 Z      -  ROI Name
        30060028 X      -  ROI Description
        3006002d X      t  ROI DateTime
        3006002e X      t  ROI Observation DateTime
        30060038 X      -  ROI Generation Description
        3006004d X      -  ROI Creator Sequence
        3006004e X      -  ROI Interpreter Sequence
        30060085 X      -  ROI Observation Label
        30060088 X      -  ROI Observation Description
        300600a6 Z      -  ROI Interpreter
        300600c2 U      -  Related Frame of Reference UID
        30080024 D      t  Treatment Control Point Date
        30080025 D      t  Treatment Control Point Time
        30080054 X/D    t  First Treatment Date
        30080056 X/D    t  Most Recent Treatment Date
        30080105 X/Z    d  Source Serial Number
        30080162 D      t  Safe Position Exit Date
        30080164 D      t  Safe Position Exit Time
        30080166 D      t  Safe Position Return Date
        30080168 D      t  Safe Position Return Time
        30080250 X/D    t  Treatment Date
        30080251 X/D    t  Treatment Time
        300a0002 D      -  RT Plan Label
        300a0003 X      -  RT Plan Name
        300a0004 X      -  RT Plan Description
        300a0006 X/D    t  RT Plan Date
        300a0007 X/D    t  RT Plan Time
        300a000b X      -  Treatment Sites
        300a000e X      -  Prescription Description
        300a0013 U      -  Dose Reference UID
        300a0016 X      -  Dose Reference Description
        300a0054 U      -  Table Top Position Alignment UID
        300a0072 X      -  Fraction Group Description
        300a0083 U      -  Referenced Dose Reference UID
        300a00b2 X/Z    d  Treatment Machine Name
        300a00c3 X      -  Beam Description
        300a00dd X      -  Bolus Description
        300a0196 X      -  Fixation Device Description
        300a01a6 X      -  Shielding Device Description
        300a01b2 X      -  Setup Technique Description
        300a0216 X      d  Source Manufacturer
        300a022c D      t  Source Strength Reference Date
        300a022e D      t  Source Strength Reference Time
        300a02eb X      -  Compensator Description
        300a0608 D      -  Treatment Position Group Label
        300a0609 U      -  Treatment Position Group UID
        300a0611 Z      -  RT Accessory Holder Slot ID
        300a0615 Z      -  RT Accessory Device Slot ID
        300a0619 D      -  Radiation Dose Identification Label
        300a0623 D      -  Radiation Dose In-Vivo Measurement Label
        300a062a D      -  RT Tolerance Set Label
        300a0650 U      -  Patient Setup UID
        300a0676 X      -  Equipment Frame of Reference Description
        300a067c D      -  Radiation Generation Mode Label
        300a067d Z      -  Radiation Generation Mode Description
        300a0700 U      -  Treatment Session UID
        300a0734 D      -  Treatment Tolerance Violation Description
        300a0736 D      t  Treatment Tolerance Violation DateTime
        300a073a D      t  Recorded RT Control Point DateTime
        300a0741 D      t  Interlock DateTime
        300a0742 D      -  Interlock Description
        300a0760 D      t  Override DateTime
        300a0783 D      -  Interlock Origin Description
        300a0785 U      -  Referenced Treatment Position Group UID
        300a078e X      -  Patient Treatment Preparation Procedure Parameter Description
        300a0792 X      -  Patient Treatment Preparation Method Description
        300a0794 X      -  Patient Setup Photo Description
        300a079a X      -  Displacement Reference Label
        300c0113 X      -  Reason for Omission Description
        300c0127 D      dt Beam Hold Transition DateTime
        300e0004 Z      t  Review Date
        300e0005 Z      t  Review Time
        300e0008 X/Z    -  Reviewer Name
        30100006 U      -  Conceptual Volume UID
        3010000b U      -  Referenced Conceptual Volume UID
        3010000f Z      -  Conceptual Volume Combination Description
        30100013 U      -  Constituent Conceptual Volume UID
        30100015 U      -  Source Conceptual Volume UID
        30100017 Z      -  Conceptual Volume Description
        3010001b Z      -  Device Alternate Identifier
        3010002d D      d  Device Label
        30100031 U      -  Referenced Fiducials UID
        30100033 D      -  User Content Label
        30100034 D      -  User Content Long Label
        30100035 D      -  Entity Label
        30100036 X      -  Entity Name
        30100037 X      -  Entity Description
        30100038 D      -  Entity Long Label
        3010003b U      -  RT Treatment Phase UID
        30100043 Z      d  Manufacturer's Device Identifier
        3010004c X/D    t  Intended Phase Start Date
        3010004d X/D    t  Intended Phase End Date
        30100054 D      -  RT Prescription Label
        30100056 X/D    -  RT Treatment Approach Label
        3010005a Z      -  RT Physician Intent Narrative
        3010005c Z      -  Reason for Superseding
        30100061 X      -  Prior Treatment Dose Description
        3010006e U      -  Dosimetric Objective UID
        3010006f U      -  Referenced Dosimetric Objective UID
        30100077 X/D    -  Treatment Site
        3010007a Z      -  Treatment Technique Notes
        3010007b Z      -  Prescription Notes
        3010007f Z      -  Fractionation Notes
        30100081 Z      -  Prescription Notes Sequence
        30100085 X      t  Intended Fraction Start Time
        40000010 X      -  Arbitrary
        40004000 X      -  Text Comments
        40080040 X      -  Results ID
        40080042 X      -  Results ID Issuer
        40080100 X      t  Interpretation Recorded Date
        40080101 X      t  Interpretation Recorded Time
        40080102 X      -  Interpretation Recorder
        40080108 X      t  Interpretation Transcription Date
        40080109 X      t  Interpretation Transcription Time
        4008010a X      -  Interpretation Transcriber
        4008010b X      -  Interpretation Text
        4008010c X      -  Interpretation Author
        40080111 X      -  Interpretation Approver Sequence
        40080112 X      t  Interpretation Approval Date
        40080113 X      t  Interpretation Approval Time
        40080114 X      -  Physician Approving Interpretation
        40080115 X      -  Interpretation Diagnosis Description
        40080118 X      -  Results Distribution List Sequence
        40080119 X      -  Distribution Name
        4008011a X      -  Distribution Address
        40080200 X      -  Interpretation ID
        40080202 X      -  Interpretation ID Issuer
        40080300 X      -  Impressions
        40084000 X      -  Results Comments
        fffafffa X      -  Digital Signatures Sequence
        fffcfffc X      -  Data Set Trailing Padding
        """
}
